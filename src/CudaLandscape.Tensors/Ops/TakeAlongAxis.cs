using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// y[…, …] = x[…, indices[…, …], …]: one element of x along an axis for each position of the other axes. Indices Int32 of x's
/// shape without the axis; one outside the axis gives NaN. Linear in x, its adjoint is <see cref="PutAlongAxis"/>.
/// </summary>
public sealed class TakeAlongAxis(int axis) : Op
{
    /// <inheritdoc/>
    public override string Name => "take_along_axis";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Input(1);

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        OpChecks.RequireFloat(Name, x[0]);
        OpChecks.RequireType(Name, x[1], DType.Int32);
        AxisSplit split = AxisSplit.Of(Name, x[0], axis);
        Shape shape = x[0].Shape.Without(axis);
        if (x[1].Shape != shape) throw new ArgumentException($"{Name}: expects indices {shape} for {x[0]}, got {x[1]}.");
        Tensor y = Tensor.Empty(x[0].Device, shape, x[0].DType, Name);
        if (y.ElementCount > 0)
            y.Device.Launch("reduce_pick", y.DType, y.ElementCount, split.Outer, split.N, split.Inner, x[0], x[1], y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [new PutAlongAxis(b.Shape(0), axis).Apply(b.Dy, b.X(1)), null];
}

public static partial class TensorOps
{
    /// <summary>One element of x along an axis for each position of the other axes.</summary>
    /// <exception cref="ArgumentException">Shapes or types do not match.</exception>
    public static Tensor TakeAlongAxis(this Tensor x, Tensor indices, int axis) => new TakeAlongAxis(axis).Apply(x, indices);

    /// <summary>y[i] = x[i, labels[i]]; x[N,C], labels Int32 [N] in [0, C); a label outside gives NaN.</summary>
    /// <exception cref="ArgumentException">Shapes or types do not match.</exception>
    public static Tensor PickColumn(this Tensor x, Tensor labels) => x.TakeAlongAxis(labels, -1);
}
