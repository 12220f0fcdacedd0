using System.Globalization;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>What a rank rests on, in five lines: what is shown, the bounds, by which inequality, from which residuals, on what trust.</summary>
public static class RankCertificate
{
    /// <summary>The five lines.</summary>
    public static string[] Lines(RankResult r) => r.Method == RankMethod.ZeroMatrix
        ? OfZero(r)
        : [$"shown: {Claim(r)}", $"bounds: {BoundsOf(r)}", $"by: {Inequality(r)}", $"residuals: {Residuals(r)}", $"rests on: {Trust(r)}"];

    private static string[] OfZero(RankResult r) =>
    [
        $"shown: the {r.Rows} x {r.Columns} matrix has rank 0", "bounds: σ_max = σ_min = 0", "by: every entry is zero",
        "residuals: none", "rests on: nothing but the entries",
    ];

    private static string Claim(RankResult r)
    {
        string matrix = $"the {r.Rows} x {r.Columns} matrix", threshold = $"the {(r.ThresholdIsGiven ? "given " : "")}threshold {Text(r.Threshold)}";
        if (r.LowerBound is { } low)
            return $"{matrix} has full rank {r.Rank}: σ_min ≥ {Text(low)}, {Text(low / r.Threshold)} times {threshold}, with probability 1 - 1e-10";
        if (r.RankLow < r.RankHigh)
            return $"{matrix} has a rank from {r.RankLow} to {r.RankHigh} of {r.FullRank}; {r.RankHigh - r.RankLow} singular values lie within η = {Text(r.Eta)} of {threshold}, so it is not decided"
                + (r.Method == RankMethod.InverseSubspace ? "; " + Ends(r) : "");
        string rank = $"{matrix} has rank {r.Rank} of {r.FullRank}";
        if (r.Method == RankMethod.InverseSubspace) return $"{rank} at {threshold}: {Ends(r)}";
        return r.NullSpaceNorm is { } norm
            ? $"{rank}: no singular value lies up to η = {Text(r.Eta)} above {threshold}, and {Above(r, norm)}"
            : $"{rank}: no singular value lies within η = {Text(r.Eta)} of {threshold}";
    }

    // Why the rank is no less and no more.
    private static string Ends(RankResult r)
    {
        string bound = r.LowerBoundOfRank is { } low ? $"no less than {r.BoundedRank} since σ_{r.BoundedRank} ≥ {Text(low)} with probability 1 - 1e-10" : "without a bound";
        string least = r.BoundedRank == r.RankLow ? bound : $"no less than {r.RankLow} by the count alone, {bound}";
        return r.NullSpaceNorm is { } norm ? $"{least}, no more than {r.RankHigh} since {Above(r, norm)}" : least;
    }

    private static string Above(RankResult r, double norm) =>
        $"‖FV‖ ≤ {Text(norm)} for {r.FullRank - r.RankHigh} orthonormal vectors V";

    private static string BoundsOf(RankResult r)
    {
        string low = Text(r.LowerBound ?? RankAllowance.Below(r.SigmaMin, r.Eta)), high = Text(r.UpperBound ?? RankAllowance.Above(r.SigmaMin, r.Eta));
        string least = Text(RankAllowance.Below(r.SigmaMax, r.Eta)), most = Text(r.SigmaMaxBound ?? RankAllowance.Above(r.SigmaMax, r.Eta));
        return $"{low} ≤ σ_min ≤ {high}; {least} ≤ σ_max ≤ {most}{Gap(r)}; rank at 0.1, 1, 10, 100 times "
            + $"the threshold: {Rank(r.RankAtTenth)}, {r.RankText}, {Rank(r.RankAtTen)}, {Rank(r.RankAtHundred)}";
    }

    // The values on both sides of the threshold.
    private static string Gap(RankResult r) => r.SigmaOfRank is { } above && r.SigmaAfterRank is { } below
        ? $"; σ_{r.Rank} about {Text(above)}, σ_{r.Rank + 1} about {Text(below)}"
        : "";

    private static string Inequality(RankResult r) => r.Method switch
    {
        RankMethod.InverseGolubKahan => "Gaussian probes of R⁻¹(R⁻ᵀR⁻¹)⁴ and R(RᵀR)⁴ (Halko, Martinsson and Tropp 2011, Lemma 4.1; "
            + $"{GaussianProbes.Count} vectors, seed {r.Seed}), ‖Rv‖ from above, Weyl's inequality |σ_i(F) - σ_i(R)| ≤ η",
        RankMethod.InverseSubspace => $"the {r.SubspaceSize} smallest singular values by block inverse iteration; from above ‖RV‖ (Courant and Fischer), "
            + "from below Gaussian probes of R⁻¹ without the counted directions (Eckart and Young; Halko, Martinsson and Tropp 2011, Lemma 4.1; "
            + $"{GaussianProbes.Count} vectors, seed {r.Seed}); Weyl's inequality |σ_i(F) - σ_i(R)| ≤ η",
        _ => $"all {r.FullRank} singular values of R from QR (LAPACK or cuSOLVER), within η + {RankAllowance.Relative} ε σ_i of F's by Weyl's inequality for QR, "
            + "for the SVD as measured"
            + (r.NullSpaceNorm is null ? "" : "; from above ‖FV‖ with twice the digits (Courant and Fischer)"),
    };

    private static string Residuals(RankResult r)
    {
        string iteration = r.SigmaMinSteps == 0 ? "" : $", {r.SigmaMaxSteps} + {r.SigmaMinSteps} block steps for σ_max and {(r.Method == RankMethod.InverseSubspace ? "the count" : "σ_min")}";
        string witness = r.Residual is { } residual ? $"‖RᵀRv - ‖Rv‖²v‖ / ‖Rv‖ = {Text(residual)}"
            : r.UpperBound is null ? "no vector v was found" : "‖Rv‖ is below η, v a null vector but for rounding";
        string refined = r.RefinedSigmaMin is { } sigma && r.RefinedResidual is { } left
            ? $"; from F itself with twice the digits σ = uᵀFv = {Text(sigma)}, ‖R⁻ᵀ(FᵀFv - σ²v)‖ = {Text(left)}" : "";
        return $"{witness}{refined}; ‖RᵀRw - FᵀFw‖ = {(r.QrDeviation is { } d ? Text(d) : "not measured,")} ε σ_max² ‖w‖ (an alarm above {QrCheck.Limit}){iteration}";
    }

    private static string Trust(RankResult r)
    {
        string range = r.FullRank <= RankAllowance.MeasuredUpTo ? "" : $" and used at {r.FullRank} beyond it";
        string probability = r.LowerBound is null && r.LowerBoundOfRank is null ? "" : "; lower bound with probability 1 - 1e-10 over the probes";
        string factor = $"{RankAllowance.Eta(r.Rows, r.Columns, 1, r.Regularized) / RankAllowance.Epsilon:G3} ε σ_max", twice = r.Regularized ? " and of a second QR, of [R; εσ_max I]" : "";
        return $"η = {factor} = {Text(r.Eta)} for the rounding of QR{twice}, and {RankAllowance.Relative} ε of each value for that of large values: measured constants "
            + $"and no theorem, calibrated up to n = {RankAllowance.MeasuredUpTo}{range}{probability}; the float64 entries as they are";
    }

    private static string Rank(RankWindow? window) => window?.ToString() ?? "not counted";

    private static string Text(double value) => value.ToString("0.00e+00", CultureInfo.InvariantCulture);
}
