namespace CudaLandscape.Tensors.Ops;

/// <summary>The axis a gather or scatter runs along, its shapes, and where the parts of an index set's table lie.</summary>
internal sealed class IndexAxis
{
    private readonly long _targetCount;

    private IndexAxis(Shape source, IndexSet set, int axis)
    {
        (Source, Size, Count, _targetCount) = (source, set.Size, set.Count, set.TargetCount);
        ReadOnlySpan<long> before = source.Sizes[..axis], after = source.Sizes[(axis + 1)..];
        (Outer, Inner) = (Shape.Create(before).ElementCount, Shape.Create(after).ElementCount);
        Gathered = Shape.Create([.. before, .. set.Shape.Sizes, .. after]);
    }

    public Shape Source { get; }

    public Shape Gathered { get; }

    public long Outer { get; }

    public long Size { get; }

    public long Inner { get; }

    public long Count { get; }

    /// <summary>The axis of a tensor that is gathered from.</summary>
    public static IndexAxis OfSource(string op, Tensor x, IndexSet set, int axis)
    {
        int resolved = x.Shape.ResolveAxis(axis);
        if (x.Shape[resolved] != set.Size)
            throw new ArgumentException($"{op}: axis {resolved} of {x} has size {x.Shape[resolved]}; the indices were made for size {set.Size}.");
        return new IndexAxis(x.Shape, set, resolved);
    }

    /// <summary>The axes of a tensor that is scattered: those of the indices, the last of them at <paramref name="axis"/>.</summary>
    public static IndexAxis OfGathered(string op, Tensor y, IndexSet set, int axis)
    {
        int rank = set.Shape.Rank, first = y.Shape.ResolveAxis(axis) - Math.Max(0, rank - 1);
        if (rank == 0 || first < 0 || !y.Shape.Sizes.Slice(first, rank).SequenceEqual(set.Shape.Sizes))
            throw new ArgumentException($"{op}: axis {axis} of {y} and those before it must be those of the indices, {set.Shape}.");
        Shape source = Shape.Create([.. y.Shape.Sizes[..first], set.Size, .. y.Shape.Sizes[(first + rank)..]]);
        return new IndexAxis(source, set, first);
    }

    public Tensor Indices(Tensor table) => table.Slab(0, [Count], "indices");

    /// <summary>Work per element of the result, and the first argument of the scatter kernel.</summary>
    public ScatterSize Scatter => new(Outer, Size, Inner, Count, _targetCount);

    public (Tensor Order, Tensor Targets, Tensor Starts) Groups(Tensor table) => (
        table.Slab(Count, [Count], "order"),
        table.Slab(2 * Count, [_targetCount], "targets"),
        table.Slab(2 * Count + _targetCount, [_targetCount + 1], "starts"));

    /// <summary>The kernel's <c>ScatterSize</c>.</summary>
    internal readonly record struct ScatterSize(long Outer, long Size, long Inner, long Count, long TargetCount);
}
