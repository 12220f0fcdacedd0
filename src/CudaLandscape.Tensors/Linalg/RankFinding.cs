namespace CudaLandscape.Tensors.Linalg;

/// <summary>A rank, and a witness of its smallest singular value.</summary>
/// <param name="Result">The rank and what it rests on.</param>
/// <param name="SmallestVector">
/// A unit vector v of min(rows, columns) numbers: ‖F v‖ ≤ <see cref="RankResult.UpperBound"/> for an F with more rows than columns,
/// ‖Fᵀ v‖ for any other. Null when the matrix is zero or so singular that none was found.
/// </param>
/// <param name="NullSpace">
/// The orthonormal vectors V of <see cref="RankResult.NullSpaceNorm"/>, one after the other, with ‖F V‖₂ (or ‖Fᵀ V‖₂) no larger than that:
/// FullRank - RankHigh of them. Null where there is no such norm, and for more than <see cref="MostNumbers"/> numbers.
/// </param>
public sealed record RankFinding(RankResult Result, double[]? SmallestVector, double[]? NullSpace = null)
{
    /// <summary>Most numbers of vectors that are kept: 256 MB.</summary>
    public const long MostNumbers = 1 << 25;
}
