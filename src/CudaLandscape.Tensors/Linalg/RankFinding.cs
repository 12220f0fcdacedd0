namespace CudaLandscape.Tensors.Linalg;

/// <summary>A rank, and a witness of its smallest singular value.</summary>
/// <param name="Result">The rank and what it rests on.</param>
/// <param name="SmallestVector">
/// A unit vector v of min(rows, columns) numbers: ‖F v‖ ≤ <see cref="RankResult.UpperBound"/> for an F with more rows than columns,
/// ‖Fᵀ v‖ for any other. Null when the matrix is zero or so singular that none was found.
/// </param>
public sealed record RankFinding(RankResult Result, double[]? SmallestVector);
