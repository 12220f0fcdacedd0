namespace CudaLandscape.Tensors.Ops;

/// <summary>Positions Begin, Begin + Step, …, Count of them, along one axis; Step is at least 1.</summary>
public readonly record struct AxisRange(long Begin, long Count, long Step = 1)
{
    /// <summary>The whole of an axis.</summary>
    public static AxisRange All(long size) => new(0, size);

    /// <summary>The range as begin:count:step.</summary>
    public override string ToString() => $"{Begin}:{Count}:{Step}";

    // Written without Begin + (Count - 1) Step, which could overflow.
    internal bool Fits(long size) =>
        Begin >= 0 && Count >= 0 && Step >= 1 && Begin <= size && (Count == 0 || (Begin < size && Count - 1 <= (size - 1 - Begin) / Step));

    internal static void RequireFit(string op, Tensor x, AxisRange[] ranges, Shape whole)
    {
        bool fit = ranges.Length == whole.Rank;
        for (int axis = 0; fit && axis < ranges.Length; axis++) fit = ranges[axis].Fits(whole[axis]);
        if (!fit)
            throw new ArgumentException(
                $"{op}: got {x} with ranges begin:count:step [{string.Join(",", ranges)}]; expects one for each axis of {whole}, "
                + "inside it and with a step of at least 1.");
    }

    internal static Shape Counts(AxisRange[] ranges) => Shape.Create(Array.ConvertAll(ranges, r => r.Count));

    // Where the ranges' first element lies in a tensor of that shape, and how far their neighbours are apart.
    internal static (long Offset, long[] Strides) Place(AxisRange[] ranges, Shape whole)
    {
        long[] strides = StridedCopy.Strides(whole);
        long offset = 0;
        for (int axis = 0; axis < ranges.Length; axis++)
        {
            offset += ranges[axis].Begin * strides[axis];
            strides[axis] *= ranges[axis].Step;
        }

        return (offset, strides);
    }
}
