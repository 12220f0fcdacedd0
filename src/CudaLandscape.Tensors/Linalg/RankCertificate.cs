using System.Globalization;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>What a rank rests on, in five lines: what is shown, the bounds, by which inequality, from which residuals, on what trust.</summary>
public static class RankCertificate
{
    /// <summary>Largest short side for which the constant of <see cref="RankResult.Eta"/> was measured.</summary>
    public const long CalibratedUpTo = 4000;

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
        string matrix = $"the {r.Rows} x {r.Columns} matrix", threshold = $"the threshold {Text(r.Threshold)}";
        if (r.LowerBound is { } low)
            return $"{matrix} has full rank {r.Rank}: σ_min ≥ {Text(low)}, {Text(low / r.Threshold)} times {threshold}, with probability 1 - 1e-10";
        return r.RankLow == r.RankHigh
            ? $"{matrix} has rank {r.Rank} of {r.FullRank}: no singular value lies within η = {Text(r.Eta)} of {threshold}"
            : $"{matrix} has a rank from {r.RankLow} to {r.RankHigh} of {r.FullRank}; {r.RankHigh - r.RankLow} singular values lie within η = {Text(r.Eta)} of {threshold}, so it is not decided";
    }

    private static string BoundsOf(RankResult r)
    {
        string low = Text(r.LowerBound ?? Math.Max(0, r.SigmaMin - r.Eta)), high = Text(r.UpperBound ?? r.SigmaMin + r.Eta);
        return $"{low} ≤ σ_min ≤ {high}; {Text(r.SigmaMax - r.Eta)} ≤ σ_max ≤ {Text(r.SigmaMaxBound ?? r.SigmaMax + r.Eta)}; rank at 0.1, 1, 10, 100 times "
            + $"the threshold: {Rank(r.RankAtTenth)}, {r.RankText}, {Rank(r.RankAtTen)}, {Rank(r.RankAtHundred)}";
    }

    private static string Inequality(RankResult r) => r.LowerBound is null
        ? $"Weyl's inequality |σ_i(F) - σ_i(R)| ≤ η for all {r.FullRank} singular values of R from QR (LAPACK or cuSOLVER)"
        : "Gaussian probes of R⁻¹(R⁻ᵀR⁻¹)⁴ and R(RᵀR)⁴ (Halko, Martinsson and Tropp 2011, Lemma 4.1; "
            + $"{GaussianProbes.Count} vectors, seed {r.Seed}), ‖Rv‖ from above, Weyl's inequality |σ_i(F) - σ_i(R)| ≤ η";

    private static string Residuals(RankResult r)
    {
        string iteration = r.LowerBound is null ? "" : $", {r.SigmaMaxSteps} + {r.SigmaMinSteps} block steps for σ_max and σ_min";
        string witness = r.Residual is { } residual ? $"‖RᵀRv - ‖Rv‖²v‖ / ‖Rv‖ = {Text(residual)}"
            : r.UpperBound is null ? "no vector v was found" : "‖Rv‖ is below η, v a null vector but for rounding";
        return $"{witness}; ‖RᵀRw - FᵀFw‖ = {(r.QrDeviation is { } d ? Text(d) : "not measured,")} ε σ_max² ‖w‖ (an alarm above {QrCheck.Limit}){iteration}";
    }

    private static string Trust(RankResult r)
    {
        string range = r.FullRank <= CalibratedUpTo ? "" : $" and used at {r.FullRank} beyond it";
        string probability = r.LowerBound is null ? "" : "; lower bound with probability 1 - 1e-10 over the probes";
        return $"η = 10 ε σ_max = {Text(r.Eta)} for the rounding of QR, a measured constant and no theorem, calibrated up to n = {CalibratedUpTo}{range}"
            + $"{probability}; the float64 entries as they are";
    }

    private static string Rank(RankWindow? window) => window?.ToString() ?? "not counted";

    private static string Text(double value) => value.ToString("0.00e+00", CultureInfo.InvariantCulture);
}
