namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// A matrix in slabs of columns with fewer than 2³¹ elements each. cuBLAS' products of larger matrices with few vectors have run into
/// memory that is not theirs, whatever the type of their sizes (github.com/pytorch/pytorch/issues/17897).
/// </summary>
internal static class ColumnSlabs
{
    /// <summary>What 32 bits count.</summary>
    public const long MostElements = int.MaxValue;

    /// <summary>The first column of each slab and their number, from the left; one slab where the matrix is no larger.</summary>
    /// <param name="columns">Columns of the matrix.</param>
    /// <param name="stride">Elements from a column to the next.</param>
    /// <param name="most">Elements of a slab, gaps included.</param>
    public static IEnumerable<(long First, long Count)> Of(long columns, long stride, long most = MostElements)
    {
        long width = Math.Max(1, most / stride);
        for (long first = 0; first < columns; first += width) yield return (first, Math.Min(width, columns - first));
    }
}
