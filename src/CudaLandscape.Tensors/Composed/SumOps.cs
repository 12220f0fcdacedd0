namespace CudaLandscape.Tensors.Ops;

/// <summary>Sums and means, composed of <see cref="SumTo"/> and <see cref="Reshape"/>.</summary>
public static partial class TensorOps
{
    /// <summary>The sum of all elements; scalar.</summary>
    public static Tensor Sum(this Tensor x) => x.SumTo(Shape.Scalar);

    /// <summary>The sum along one axis, which disappears or, with <paramref name="keep"/>, stays with size 1.</summary>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public static Tensor Sum(this Tensor x, int axis, bool keep = false) => x.Sum([axis], keep);

    /// <summary>The sum along several axes, which disappear; negative axes count from the end.</summary>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public static Tensor Sum(this Tensor x, params ReadOnlySpan<int> axes) => x.Sum(axes, keep: false);

    /// <summary>The sum along several axes, which disappear or, with <paramref name="keep"/>, stay with size 1.</summary>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public static Tensor Sum(this Tensor x, ReadOnlySpan<int> axes, bool keep)
    {
        bool[] reduced = MarkAxes("sum", x, axes);
        Shape kept = Shape.Create([.. reduced.Select((isReduced, axis) => isReduced ? 1 : x.Shape[axis])]);
        if (kept == x.Shape && keep) return x;
        using TensorScope scope = new();
        Tensor y = x.SumTo(kept);
        return scope.Return(keep ? y : y.Reshape(Shape.Create([.. kept.Where((_, axis) => !reduced[axis])])));
    }

    /// <summary>The mean of all elements; scalar.</summary>
    /// <exception cref="ArgumentException">x has no elements.</exception>
    public static Tensor Mean(this Tensor x)
    {
        if (x.ElementCount == 0) throw new ArgumentException($"mean: {x} has no elements.");
        return x.Sum().Scale(1.0 / x.ElementCount);
    }

    /// <summary>The mean along one axis.</summary>
    /// <exception cref="ArgumentException">There is no such axis, or it has no elements.</exception>
    public static Tensor Mean(this Tensor x, int axis, bool keep = false) => x.Mean([axis], keep);

    /// <summary>The mean along several axes, which disappear or, with <paramref name="keep"/>, stay with size 1.</summary>
    /// <exception cref="ArgumentException">There is no such axis, one is named twice, or one has no elements.</exception>
    public static Tensor Mean(this Tensor x, ReadOnlySpan<int> axes, bool keep = false)
    {
        MarkAxes("mean", x, axes);
        long count = 1;
        foreach (int axis in axes) count *= x.Shape[axis];
        if (count == 0) throw new ArgumentException($"mean: axes [{Text(axes)}] of {x} have no elements.");
        return x.Sum(axes, keep).Scale(1.0 / count);
    }

    private static bool[] MarkAxes(string op, Tensor x, ReadOnlySpan<int> axes)
    {
        bool[] marked = new bool[x.Shape.Rank];
        foreach (int axis in axes)
        {
            int resolved = OpChecks.RequireAxis(op, x, axis);
            if (marked[resolved]) throw new ArgumentException($"{op}: axis {axis} of {x} is named twice in [{Text(axes)}].");
            marked[resolved] = true;
        }

        return marked;
    }

    private static string Text(ReadOnlySpan<int> axes) => string.Join(",", axes.ToArray());
}
