namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// The numerical rank of F[Rows, Columns], k = min(Rows, Columns), and what it rests on. Singular values are those of the given
/// float64 numbers; how far these are from the exact features is the caller's knowledge.
/// </summary>
public sealed record RankResult
{
    /// <summary>Rows of F.</summary>
    public required long Rows { get; init; }

    /// <summary>Columns of F.</summary>
    public required long Columns { get; init; }

    /// <summary>Number of singular values above <see cref="Threshold"/>.</summary>
    public required long Rank { get; init; }

    /// <summary>Number of singular values above Threshold + Eta: the rank is at least this.</summary>
    public required long RankLow { get; init; }

    /// <summary>
    /// Number of singular values above Threshold - Eta: the rank is at most this. For a small matrix it is Rank where
    /// <see cref="NullSpaceNorm"/> shows that.
    /// </summary>
    public required long RankHigh { get; init; }

    /// <summary>Largest singular value.</summary>
    public required double SigmaMax { get; init; }

    /// <summary>Smallest singular value; values below <see cref="Eta"/> are rounding.</summary>
    public required double SigmaMin { get; init; }

    /// <summary>½ √(m + n + 1) · σ_max · 2⁻⁵² (Press et al., Numerical Recipes, 2.6.1), the paper's rule, or the one that was given.</summary>
    public required double Threshold { get; init; }

    /// <summary>Whether the threshold was given by the caller.</summary>
    public bool ThresholdIsGiven { get; init; }

    /// <summary>10 · 2⁻⁵² · σ_max, twice that where R was regularised: the allowance for rounding of <see cref="RankAllowance"/>.</summary>
    public required double Eta { get; init; }

    /// <summary>How the rank was found.</summary>
    public required RankMethod Method { get; init; }

    /// <summary>The same with a tenth of the threshold; null where it was not counted.</summary>
    public RankWindow? RankAtTenth { get; init; }

    /// <summary>The same with ten times the threshold.</summary>
    public RankWindow? RankAtTen { get; init; }

    /// <summary>The same with a hundred times the threshold.</summary>
    public RankWindow? RankAtHundred { get; init; }

    /// <summary>A lower bound of σ_min that holds with probability 1 - 1e-10 over the probes, less Eta; null without probes.</summary>
    public double? LowerBound { get; init; }

    /// <summary>‖R v‖ + Eta for a unit vector v, so that σ_min is no larger; null when no vector was found.</summary>
    public double? UpperBound { get; init; }

    /// <summary>‖RᵀR v - ‖R v‖² v‖ / ‖R v‖ of that vector: R has a singular value within this of ‖R v‖. Null where that is below Eta.</summary>
    public double? Residual { get; init; }

    /// <summary>
    /// uᵀFv for u = Fv / ‖Fv‖ with the products made from F itself and twice the digits, v corrected accordingly: σ_min without the
    /// rounding of QR, and never less than it but for <see cref="RefinedResidual"/>. Null where SigmaMin is above 1000 · 2⁻⁵² · σ_max, and where F could not be had again.
    /// </summary>
    public double? RefinedSigmaMin { get; init; }

    /// <summary>‖R⁻ᵀ(FᵀFv - (uᵀFv)² v)‖ of that: where it is less than half of it, F has a singular value within this but for R's rounding.</summary>
    public double? RefinedResidual { get; init; }

    /// <summary>An upper bound of σ_max that holds with probability 1 - 1e-10 over the probes, plus Eta; null without probes.</summary>
    public double? SigmaMaxBound { get; init; }

    /// <summary>
    /// Smallest singular value above the threshold, by a count an estimate from above; null for rank 0, and for full rank by iteration.
    /// </summary>
    public double? SigmaOfRank { get; init; }

    /// <summary>Largest singular value that is not above the threshold; null for full rank.</summary>
    public double? SigmaAfterRank { get; init; }

    /// <summary>
    /// An upper bound of ‖F V‖₂ for FullRank - RankHigh orthonormal vectors, so that no more than RankHigh singular values are larger: ‖R V‖
    /// plus Eta, or for a small matrix F V itself. Null where there are none, or no vectors were looked at.
    /// </summary>
    public double? NullSpaceNorm { get; init; }

    /// <summary>
    /// Of <see cref="RankMethod.InverseSubspace"/>: a lower bound above the threshold of the BoundedRank-th singular value that holds with
    /// probability 1 - 1e-10 over the probes, less Eta. Null where none was reached.
    /// </summary>
    public double? LowerBoundOfRank { get; init; }

    /// <summary>What the rank is no less than by LowerBoundOfRank: RankLow, or a little less where nothing separates the values.</summary>
    public long? BoundedRank
    {
        get => field ?? (LowerBoundOfRank is null ? null : RankLow); // results that were kept before there was anything less have none
        init;
    }

    /// <summary>Vectors of the block whose values were counted; 0 for other methods.</summary>
    public int SubspaceSize { get; init; }

    /// <summary>Whether R was regularised, since R⁻¹ would have overflowed or swamped what was to be counted.</summary>
    public bool Regularized { get; init; }

    /// <summary>‖RᵀR w - AᵀA w‖ / (2⁻⁵² σ_max² ‖w‖) for a Gaussian w and the factored A; more than 100 is refused as a failed QR.</summary>
    public double? QrDeviation { get; init; }

    /// <summary>Block steps of the iteration for σ_max; 0 when all singular values were computed.</summary>
    public int SigmaMaxSteps { get; init; }

    /// <summary>Block steps of the iteration for σ_min, or of the count; 0 when all singular values were computed.</summary>
    public int SigmaMinSteps { get; init; }

    /// <summary>Seed of the random starts and probes.</summary>
    public required ulong Seed { get; init; }

    /// <summary>min(Rows, Columns).</summary>
    public long FullRank => Math.Min(Rows, Columns);

    /// <summary>The rank with its window when rounding leaves it open: <c>3967 [3964..3970]</c>.</summary>
    public string RankText => new RankWindow(Rank, RankLow, RankHigh).ToString();
}
