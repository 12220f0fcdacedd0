namespace CudaLandscape.Tensors.Linalg;

/// <summary>A block of a matrix of doubles on the device, stored column by column.</summary>
/// <param name="Address">Of its first element.</param>
/// <param name="Stride">Elements from a column to the next.</param>
internal readonly record struct ColumnBlock(ulong Address, long Stride)
{
    /// <summary>The block that begins rows further down and columns further right.</summary>
    public ColumnBlock At(long rows, long columns) => this with { Address = Address + (ulong)((columns * Stride + rows) * sizeof(double)) };

    /// <summary>The block that begins rows further down.</summary>
    public ColumnBlock Down(long rows) => At(rows, 0);
}
