using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// y = σ(conv2d(x, w) + b), one pass over the result instead of three; x[N,C,H,W], w[K,C,R,S], b[K,1,1], y[N,K,P,Q]. Its values have
/// the bits of the three ops; what is kept for the backward pass is y alone, see <see cref="Ops.ActivationGradient"/>.
/// </summary>
public sealed class Conv2dBiasActivation(ActivationFunction activation, int stride, int pad) : Op
{
    /// <inheritdoc/>
    public override string Name => "conv2d_bias_activation";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Input(0) | Saves.Input(1) | Saves.Output;

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        Conv2dPass pass = new(Name, x[0], x[1], x[0].Shape, x[1].Shape, stride, pad);
        OpChecks.RequireSameFloat(Name, x[0], x[2]);
        Shape bias = [pass.Filters, 1, 1];
        if (x[2].Shape != bias) throw new ArgumentException($"{Name}: expects a bias {bias} for kernels {x[1].Shape}, got {x[2]}.");
        return pass.CorrelateAndActivate(x[0], x[1], x[2], activation, Name);
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b)
    {
        Tensor dz = activation == ActivationFunction.Identity ? b.Dy : b.Dy.ActivationGradient(b.Y, activation);
        return
        [
            b.Needs(0) ? dz.Conv2dInputGradient(b.X(1), b.Shape(0), stride, pad) : null,
            b.Needs(1) ? dz.Conv2dWeightGradient(b.X(0), b.Shape(1), stride, pad) : null,
            b.Needs(2) ? dz.SumTo(b.Shape(2)) : null,
        ];
    }
}

public static partial class TensorOps
{
    /// <summary>σ(conv2d(x, w) + b); x[N,C,H,W], w[K,C,R,S], b[K,1,1], y[N,K,P,Q].</summary>
    /// <exception cref="ArgumentException">Shapes or types do not match.</exception>
    public static Tensor Conv2dBiasActivation(
        this Tensor x, Tensor w, Tensor b, ActivationFunction activation, int stride = 1, int pad = 0) =>
        new Conv2dBiasActivation(activation, stride, pad).Apply(x, w, b);
}
