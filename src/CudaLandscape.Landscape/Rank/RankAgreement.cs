using System.Globalization;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Landscape.Rank;

/// <summary>
/// Compares a rank that was kept with one computed afresh from other random vectors, and with products ‖F v‖ and ‖F V‖ of its vectors.
/// Every comparison can fail by itself; each failure is a sentence.
/// </summary>
public static class RankAgreement
{
    /// <summary>What does not agree; nothing when all does.</summary>
    /// <param name="kept">The rank that is checked.</param>
    /// <param name="fresh">The rank of the same features, factored again with another seed.</param>
    /// <param name="norm">‖F v‖ / ‖v‖ of the kept v; null when none was kept.</param>
    /// <param name="normOnNullSpace">‖F V‖₂ of FullRank - RankHigh orthonormal vectors V; null when there were none to look at.</param>
    public static IReadOnlyList<string> Failures(RankResult kept, RankResult fresh, double? norm, double? normOnNullSpace = null) =>
    [
        .. Sizes(kept, fresh), .. Formulas(kept), .. Ranks(kept, fresh), .. Multiples(kept, fresh), .. Values(kept, fresh), .. Neighbours(kept, fresh),
        .. Witness(kept, fresh, norm), .. NullSpace(kept, normOnNullSpace),
    ];

    private static IEnumerable<string> Sizes(RankResult kept, RankResult fresh)
    {
        if ((kept.Rows, kept.Columns) != (fresh.Rows, fresh.Columns))
            yield return $"the matrix is {fresh.Rows} x {fresh.Columns}, kept was {kept.Rows} x {kept.Columns}";
    }

    private static IEnumerable<string> Formulas(RankResult kept)
    {
        double threshold = RankAllowance.Threshold(kept.Rows, kept.Columns, kept.SigmaMax), eta = RankAllowance.Eta(kept.Rows, kept.Columns, kept.SigmaMax, kept.Regularized);
        if (!kept.ThresholdIsGiven && !Near(kept.Threshold, threshold, 1e-9 * threshold)) yield return $"the kept threshold {Text(kept.Threshold)} is not {Text(threshold)}, as σ_max gives";
        if (!Near(kept.Eta, eta, 1e-9 * eta)) yield return $"the kept η {Text(kept.Eta)} is not {Text(eta)}, as σ_max gives";
        if (kept.RankLow > kept.Rank || kept.Rank > kept.RankHigh || kept.RankHigh > kept.FullRank)
            yield return $"the kept rank {kept.Rank} and window [{kept.RankLow}..{kept.RankHigh}] of {kept.FullRank} do not fit each other";
        if (kept.Method == RankMethod.InverseGolubKahan && !(kept.LowerBound > kept.Threshold))
            yield return "full rank was kept without a lower bound above the threshold";
        if (kept.Method == RankMethod.InverseSubspace && kept.RankHigh < kept.FullRank && !(kept.NullSpaceNorm <= kept.Threshold))
            yield return $"no more than {kept.RankHigh} was kept without vectors on which the matrix is below the threshold";
    }

    private static IEnumerable<string> Ranks(RankResult kept, RankResult fresh)
    {
        if (kept.Rank < fresh.RankLow || kept.Rank > fresh.RankHigh) yield return $"the kept rank {kept.RankText} is now {fresh.RankText}";
        if (fresh.Rank < kept.RankLow || fresh.Rank > kept.RankHigh) yield return $"the rank {fresh.Rank} is outside the kept window {kept.RankText}";
    }

    // Where both counted: two windows of one number have one in common.
    private static IEnumerable<string> Multiples(RankResult kept, RankResult fresh)
    {
        foreach ((string multiple, RankWindow? before, RankWindow? now) in (IEnumerable<(string, RankWindow?, RankWindow?)>)
            [("a tenth of", kept.RankAtTenth, fresh.RankAtTenth), ("10 times", kept.RankAtTen, fresh.RankAtTen), ("100 times", kept.RankAtHundred, fresh.RankAtHundred)])
            if (before is not null && now is not null && (before.Low > now.High || now.Low > before.High))
                yield return $"the kept rank at {multiple} the threshold, {before}, is now {now}";
    }

    private static IEnumerable<string> Values(RankResult kept, RankResult fresh)
    {
        double eta = Math.Max(kept.Eta, fresh.Eta);
        if (!Near(kept.SigmaMax, fresh.SigmaMax, 1e-9 * fresh.SigmaMax + eta)) yield return $"σ_max was {Text(kept.SigmaMax)}, is {Text(fresh.SigmaMax)}";
        if (!Near(kept.SigmaMin, fresh.SigmaMin, 1e-6 * fresh.SigmaMin + 2 * eta)) yield return $"σ_min was {Text(kept.SigmaMin)}, is {Text(fresh.SigmaMin)}";
        if (kept.LowerBound > fresh.UpperBound) yield return $"the kept lower bound {Text(kept.LowerBound)} is above σ_min ≤ {Text(fresh.UpperBound)}";
        if (fresh.LowerBound > kept.UpperBound) yield return $"the kept upper bound {Text(kept.UpperBound)} is below σ_min ≥ {Text(fresh.LowerBound)}";
    }

    // The values on both sides of the threshold, of a count or of all of them.
    private static IEnumerable<string> Neighbours(RankResult kept, RankResult fresh)
    {
        if (kept.Rank != fresh.Rank) yield break;
        double tolerance = 2e-3 * fresh.Threshold + 2 * Math.Max(kept.Eta, fresh.Eta);
        if (kept.SigmaAfterRank is { } below && fresh.SigmaAfterRank is { } now && !Near(below, now, tolerance))
            yield return $"σ_{kept.Rank + 1} was {Text(below)}, is {Text(now)}";
        if (kept.BoundedRank == kept.Rank && kept.LowerBoundOfRank > fresh.SigmaOfRank + fresh.Eta)
            yield return $"the kept lower bound {Text(kept.LowerBoundOfRank)} of σ_{kept.Rank} is above {Text(fresh.SigmaOfRank)}";
    }

    private static IEnumerable<string> Witness(RankResult kept, RankResult fresh, double? norm)
    {
        if (norm is null && kept.UpperBound is not null) yield return "the witness v of σ_min is missing";
        if (norm is null) yield break;
        double low = Math.Max(kept.LowerBound ?? kept.SigmaMin - kept.Eta, fresh.LowerBound ?? fresh.SigmaMin - fresh.Eta);
        if (!(norm <= kept.UpperBound + kept.Eta)) yield return $"‖Fv‖ = {Text(norm)} of the kept v is above the kept bound {Text(kept.UpperBound)}";
        if (!(norm >= low - kept.Eta)) yield return $"‖Fv‖ = {Text(norm)} of the kept v is below the lower bound {Text(low)}";
    }

    // Courant and Fischer: what is below the threshold on that many dimensions has no more values above it than are left.
    private static IEnumerable<string> NullSpace(RankResult kept, double? norm)
    {
        if (norm is { } found && !(found <= kept.Threshold))
            yield return $"‖FV‖ = {Text(norm)} on {kept.FullRank - kept.RankHigh} vectors is above the threshold, so that the rank may be more than {kept.RankHigh}";
    }

    private static bool Near(double a, double b, double tolerance) => Math.Abs(a - b) <= tolerance;

    private static string Text(double? value) => value?.ToString("0.000e+00", CultureInfo.InvariantCulture) ?? "nothing";
}
