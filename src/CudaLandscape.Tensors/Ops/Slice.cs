using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// y[i, j, …] = x[begin₀ + i·step₀, begin₁ + j·step₁, …], one range for each axis, any element type; its adjoint is
/// <see cref="Pad"/>.
/// </summary>
public sealed class Slice(AxisRange[] ranges) : Op
{
    /// <inheritdoc/>
    public override string Name => "slice";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        AxisRange.RequireFit(Name, x[0], ranges, x[0].Shape);
        Tensor y = Tensor.Empty(x[0].Device, AxisRange.Counts(ranges), x[0].DType, Name);
        (long offset, long[] strides) = AxisRange.Place(ranges, x[0].Shape);
        StridedCopy.Run(Name, y.Shape, x[0], offset, strides, y, 0, StridedCopy.Strides(y.Shape));
        return y;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [new Pad(ranges, b.Shape(0)).Apply(b.Dy)];
}

public static partial class TensorOps
{
    /// <summary>
    /// x at the positions begin, begin + step, … below end along one axis; the other axes stay whole. Differs from NumPy in
    /// that begin and end count from the front only and must lie in 0 … size.
    /// </summary>
    /// <exception cref="ArgumentException">begin, end or step does not fit the axis.</exception>
    public static Tensor Slice(this Tensor x, int axis, long begin, long end, long step = 1)
    {
        AxisRange[] ranges = WholeAxes(x);
        int resolved = x.Shape.ResolveAxis(axis);
        ranges[resolved] = RangeOf(x, resolved, begin, end, step);
        return new Slice(ranges).Apply(x);
    }

    /// <summary>x at the positions begin[a], begin[a] + step[a], … below end[a] along every axis a; steps are 1 when left out.</summary>
    /// <exception cref="ArgumentException">A begin, end or step does not fit its axis, or their number is not x's axes'.</exception>
    public static Tensor Slice(this Tensor x, long[] begin, long[] end, long[]? step = null)
    {
        int rank = x.Shape.Rank;
        if (begin.Length != rank || end.Length != rank || (step ?? begin).Length != rank)
            throw new ArgumentException(
                $"slice: expects {rank} begins, ends and steps for {x}, got {begin.Length}, {end.Length} and {(step ?? begin).Length}.");
        AxisRange[] ranges = new AxisRange[rank];
        for (int a = 0; a < rank; a++) ranges[a] = RangeOf(x, a, begin[a], end[a], step is null ? 1 : step[a]);
        return new Slice(ranges).Apply(x);
    }

    private static AxisRange[] WholeAxes(Tensor x) => [.. x.Shape.Select(AxisRange.All)];

    private static AxisRange RangeOf(Tensor x, int axis, long begin, long end, long step)
    {
        if (begin < 0 || begin > end || end > x.Shape[axis] || step < 1)
            throw new ArgumentException(
                $"slice: axis {axis} of {x} has positions 0 to {x.Shape[axis]}; got begin {begin}, end {end}, step {step}; "
                + "expects 0 <= begin <= end <= size and step >= 1.");
        return new AxisRange(begin, begin == end ? 0 : (end - begin - 1) / step + 1, step);
    }
}
