namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// Positions along an axis of a known size, checked once: what <see cref="TensorOps.Gather(Tensor, IndexSet, int)"/> and
/// <see cref="TensorOps.ScatterAdd(Tensor, IndexSet, int)"/> go by. Beside the indices it holds on the device the positions
/// grouped by index, so that repeated indices are added in their order without atomics. It belongs to the caller, not to a
/// <see cref="TensorScope"/>; a tape that needs it keeps its memory.
/// </summary>
public sealed class IndexSet : IDisposable
{
    private IndexSet(Device device, Shape shape, long size, int[] table, long targetCount, bool isRising)
    {
        (Shape, Size, TargetCount, IsRising) = (shape, size, targetCount, isRising);
        Table = Tensor.From<int>(device, [table.Length], table, "indices");
        Table.Scope?.Keep(Table);
    }

    /// <summary>Shape of the indices.</summary>
    public Shape Shape { get; }

    /// <summary>Number of indices.</summary>
    public long Count => Shape.ElementCount;

    /// <summary>Size of the axis they index: every index lies in [0, Size).</summary>
    public long Size { get; }

    /// <summary>Whether every index is larger than the one before it, so that none is repeated.</summary>
    public bool IsRising { get; }

    /// <summary>Device memory it takes.</summary>
    public long Bytes => Table.Bytes;

    /// <summary>How many different indices there are.</summary>
    internal long TargetCount { get; }

    /// <summary>indices[Count], order[Count], targets[TargetCount], starts[TargetCount + 1], as the kernels read them.</summary>
    internal Tensor Table { get; }

    /// <summary>Indices of the given shape into an axis of <paramref name="size"/> elements.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is negative or not below size; the message says which.</exception>
    /// <exception cref="ArgumentException">The number of indices is not the shape's, or exceeds 2^29.</exception>
    public static IndexSet From(Device device, Shape shape, ReadOnlySpan<int> indices, long size)
    {
        if (indices.Length != shape.ElementCount || indices.Length > 1 << 29)
            throw new ArgumentException(
                $"index set: shape {shape} needs {shape.ElementCount} indices, at most {1 << 29}; got {indices.Length}.");
        RequireInside(indices, size);
        (int[] order, List<int> targets, List<int> starts) = Grouped(indices);
        return new IndexSet(device, shape, size, [.. indices, .. order, .. targets, .. starts], targets.Count, IsStrictlyRising(indices));
    }

    /// <summary>As the other overload, from an Int32 tensor, which is copied to the host to be checked: that waits for the device.</summary>
    /// <exception cref="ArgumentException">The tensor is not Int32, or an index is out of range.</exception>
    public static IndexSet From(Tensor indices, long size)
    {
        OpChecks.RequireType("index set", indices, DType.Int32);
        return From(indices.Device, indices.Shape, indices.ToArray<int>(), size);
    }

    /// <summary>Releases the device memory.</summary>
    public void Dispose() => Table.Dispose();

    private static void RequireInside(ReadOnlySpan<int> indices, long size)
    {
        for (int position = 0; position < indices.Length; position++)
        {
            int index = indices[position];
            if (index < 0 || index >= size)
                throw new ArgumentOutOfRangeException(
                    nameof(indices), $"index set: index {index} at position {position} is outside an axis of size {size}; "
                    + $"expects indices from 0 to {size - 1}.");
        }
    }

    private static bool IsStrictlyRising(ReadOnlySpan<int> indices)
    {
        for (int i = 1; i < indices.Length; i++)
        {
            if (indices[i] <= indices[i - 1]) return false;
        }

        return true;
    }

    // Positions by index and then by position; targets in rising order; target t's positions are order[starts[t] .. starts[t+1]].
    private static (int[] Order, List<int> Targets, List<int> Starts) Grouped(ReadOnlySpan<int> indices)
    {
        long[] keys = new long[indices.Length];
        for (int position = 0; position < keys.Length; position++) keys[position] = (long)indices[position] << 32 | (uint)position;
        Array.Sort(keys);
        (List<int> targets, List<int> starts) = ([], []);
        for (int s = 0; s < keys.Length; s++)
        {
            int target = (int)(keys[s] >> 32);
            if (targets.Count > 0 && targets[^1] == target) continue;
            targets.Add(target);
            starts.Add(s);
        }

        starts.Add(keys.Length);
        return (Array.ConvertAll(keys, key => (int)(uint)key), targets, starts);
    }
}
