using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// dz = dy · s(y), where s is the activation's derivative dy/dz as a function of its result y: y (1 - y) for a sigmoid,
/// 1 - e^(-alpha y) for softplus, (1 - y)(1 + y) for tanh, 1 where y > 0 for ReLU. In float32 s of a sigmoid or tanh is off by up to
/// 6e-8 where that saturates, since y is rounded; the activations' own ops, which keep z, are not.
/// </summary>
public sealed class ActivationGradient(ActivationFunction activation) : Op
{
    /// <inheritdoc/>
    public override string Name => "activation_gradient";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Inputs;

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        OpChecks.RequireSameFloat(Name, x[0], x[1]);
        if (x[0].Shape != x[1].Shape) throw new ArgumentException($"{Name}: dy {x[0]} and y {x[1]} must have one shape.");
        Tensor dz = Tensor.Empty(x[0].Device, x[0].Shape, x[0].DType, Name);
        long count = dz.ElementCount;
        if (count > 0)
            dz.Device.Launch("activation_gradient", dz.DType, count, count, (long)activation.Kind, activation.Alpha, x[0], x[1], dz);
        return dz;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b)
    {
        Tensor dy = b.X(0), y = b.X(1);
        return
        [
            b.Needs(0) ? b.Dy.ActivationGradient(y, activation) : null,
            b.Needs(1) ? b.Dy * (dy * activation.SlopeDerivative(y)) : null,
        ];
    }
}

public static partial class TensorOps
{
    /// <summary>The gradient of an activation with respect to its argument, from that of its result and the result y.</summary>
    /// <exception cref="ArgumentException">Shapes or types do not match.</exception>
    public static Tensor ActivationGradient(this Tensor dy, Tensor y, ActivationFunction activation) =>
        new ActivationGradient(activation).Apply(dy, y);
}
