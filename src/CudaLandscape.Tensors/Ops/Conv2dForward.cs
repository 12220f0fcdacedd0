using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// y[n,k,p,q] = Σ_{c,r,s} w[k,c,r,s] x[n, c, p·stride - pad + r, q·stride - pad + s], 0 outside; x[N,C,H,W], w[K,C,R,S], y[N,K,P,Q].
/// With g for y the form Σ g y is linear in g, x and w, so that <see cref="Conv2dInputGradient"/> and
/// <see cref="Conv2dWeightGradient"/> are this op's derivatives, and all three each other's. 3x3 kernels at stride 1 or 2 in float32 go
/// by Winograd's transforms where the device is the faster for it (<see cref="Conv2dWinograd"/>).
/// </summary>
public sealed class Conv2dForward(int stride, int pad) : Op
{
    /// <inheritdoc/>
    public override string Name => "conv2d";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Inputs;

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        Conv2dPass pass = new(Name, x[0], x[1], x[0].Shape, x[1].Shape, stride, pad);
        return pass.Correlate(Conv2dKind.Forward, pass.Outputs, pass.Filters, x[0], x[1], Name);
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) =>
    [
        b.Needs(0) ? b.Dy.Conv2dInputGradient(b.X(1), b.Shape(0), stride, pad) : null,
        b.Needs(1) ? b.Dy.Conv2dWeightGradient(b.X(0), b.Shape(1), stride, pad) : null,
    ];
}

public static partial class TensorOps
{
    /// <summary>
    /// y[n,k,p,q] = Σ_{c,r,s} w[k,c,r,s] x[n, c, p·stride - pad + r, q·stride - pad + s]; x[N,C,H,W], w[K,C,R,S], y[N,K,P,Q]. Bias and
    /// activation are the caller's.
    /// </summary>
    /// <exception cref="ArgumentException">Shapes or types do not match.</exception>
    public static Tensor Conv2d(this Tensor x, Tensor w, int stride = 1, int pad = 0) => new Conv2dForward(stride, pad).Apply(x, w);
}
