using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>Position of the largest value along an axis, which disappears; the first one when several are equal; Int32.</summary>
public sealed class ArgMax(int axis = -1) : Op
{
    /// <inheritdoc/>
    public override string Name => "argmax";

    /// <inheritdoc/>
    protected internal override bool IsDifferentiable => false;

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        OpChecks.RequireFloat(Name, x[0]);
        AxisSplit split = AxisSplit.Of(Name, x[0], axis);
        Tensor y = Tensor.Empty(x[0].Device, x[0].Shape.Without(axis), DType.Int32, Name);
        if (y.ElementCount > 0)
            y.Device.Launch("reduce_argmax", x[0].DType, x[0].ElementCount, split.Outer, split.N, split.Inner, x[0], y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [null];
}

public static partial class TensorOps
{
    /// <summary>Position of the largest value along an axis, the last one by default.</summary>
    /// <exception cref="ArgumentException">x has no such axis, or the axis has no elements.</exception>
    public static Tensor ArgMax(this Tensor x, int axis = -1) => new ArgMax(axis).Apply(x);
}
