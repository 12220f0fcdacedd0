using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// y of a given shape, zero but for y[begin₀ + i·step₀, …] = x[i, …], one range of x's size for each axis, any element type;
/// the adjoint of <see cref="Slice"/>.
/// </summary>
public sealed class Pad(AxisRange[] ranges, Shape target) : Op
{
    /// <inheritdoc/>
    public override string Name => "pad";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        AxisRange.RequireFit(Name, x[0], ranges, target);
        if (AxisRange.Counts(ranges) != x[0].Shape)
            throw new ArgumentException($"{Name}: expects {AxisRange.Counts(ranges)} for its place in {target}, got {x[0]}.");
        Tensor y = Tensor.Zeros(x[0].Device, target, x[0].DType, Name);
        (long offset, long[] strides) = AxisRange.Place(ranges, target);
        StridedCopy.Run(Name, x[0].Shape, x[0], 0, StridedCopy.Strides(x[0].Shape), y, offset, strides);
        return y;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [new Slice(ranges).Apply(b.Dy)];
}

public static partial class TensorOps
{
    /// <summary>x with before[a] zeros in front of axis a and after[a] behind it.</summary>
    /// <exception cref="ArgumentException">A width is negative, or their number is not x's axes'.</exception>
    public static Tensor Pad(this Tensor x, long[] before, long[] after)
    {
        if (before.Length != x.Shape.Rank || after.Length != x.Shape.Rank || before.Concat(after).Any(width => width < 0))
            throw new ArgumentException(
                $"pad: expects {x.Shape.Rank} widths of 0 or more on each side for {x}, got before [{string.Join(",", before)}] "
                + $"and after [{string.Join(",", after)}].");
        AxisRange[] ranges = WholeAxes(x);
        long[] sizes = new long[ranges.Length];
        for (int a = 0; a < sizes.Length; a++)
        {
            ranges[a] = new AxisRange(before[a], x.Shape[a]);
            sizes[a] = checked(before[a] + x.Shape[a] + after[a]);
        }

        return new Pad(ranges, Shape.Create(sizes)).Apply(x);
    }

    /// <summary>x with zeros in front of and behind one axis.</summary>
    /// <exception cref="ArgumentException">A width is negative.</exception>
    public static Tensor Pad(this Tensor x, int axis, long before, long after)
    {
        (long[] front, long[] behind) = (new long[x.Shape.Rank], new long[x.Shape.Rank]);
        (front[x.Shape.ResolveAxis(axis)], behind[x.Shape.ResolveAxis(axis)]) = (before, after);
        return x.Pad(front, behind);
    }
}
