using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// The target shape filled with x at the indices along an axis and with zeros elsewhere: the adjoint of
/// <see cref="TakeAlongAxis"/>. x and the Int32 indices have the target shape without the axis; an index outside the axis puts
/// nothing.
/// </summary>
public sealed class PutAlongAxis(Shape target, int axis) : Op
{
    /// <inheritdoc/>
    public override string Name => "put_along_axis";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Input(1);

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        OpChecks.RequireFloat(Name, x[0]);
        OpChecks.RequireType(Name, x[1], DType.Int32);
        Shape shape = target.Without(axis);
        if (x[0].Shape != shape || x[1].Shape != shape)
            throw new ArgumentException($"{Name}: expects values and indices {shape} for {target}, got {x[0]} and {x[1]}.");
        Tensor y = Tensor.Empty(x[0].Device, target, x[0].DType, Name);
        if (y.ElementCount == 0) return y;
        AxisSplit split = AxisSplit.Of(Name, y, axis);
        y.Device.Launch("reduce_place", y.DType, y.ElementCount, split.Outer, split.N, split.Inner, x[0], x[1], y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [b.Dy.TakeAlongAxis(b.X(1), axis), null];
}
