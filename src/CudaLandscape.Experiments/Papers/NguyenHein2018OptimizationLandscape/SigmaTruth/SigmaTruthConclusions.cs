using System.Globalization;
using CudaLandscape.Landscape.Layers;
using CudaLandscape.Landscape.Rank;
using CudaLandscape.Tensors.Linalg;
using Cell = (CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape.SigmaTruth.SigmaTruthCell Key,
    CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape.SigmaTruth.SigmaTruthResult Result);

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape.SigmaTruth;

/// <summary>What the numbers say, sentence by sentence; every verdict follows from them.</summary>
internal sealed class SigmaTruthConclusions(IReadOnlyList<Cell> cells, IReadOnlyList<PatchSurvey> patches)
{
    // σ_min of float32 features this many times that of float64 ones is called lifted.
    private const double Lifted = 3;

    private readonly Cell[] _measured = [.. cells.Where(c => c.Result.Ranks.ContainsKey(FeatureKind.Float64))];

    /// <summary>The sentences.</summary>
    public IEnumerable<string> Lines() =>
    [
        .. new[] { FeatureKind.Float32, FeatureKind.Stored }.Where(IsMeasured).Select(FullRankIsFaked), Rounding(), LiftIsNoise(), PaperColumnIsNoise(),
        .. Theorem(), .. Patches(),
        "Not shown: a rank below full in float64 refutes no theorem, since the exact σ_min may be positive and below the threshold; and the paper's "
            + "weights are not available, so that what its column shows is inferred from its size and shape.",
    ];

    private bool IsMeasured(FeatureKind kind) => _measured.Any(c => c.Result.Ranks.ContainsKey(kind));

    private string FullRankIsFaked(FeatureKind kind)
    {
        string what = kind == FeatureKind.Float32 ? "features computed in float32" : "float64 features stored as float32";
        Cell[] cases = [.. _measured.Where(c => IsDeficient(Exact(c)) && c.Result.Ranks.ContainsKey(kind))];
        if (cases.Length == 0)
            return $"Not seen: no cell has deficient float64 features, so nothing says whether {what} would fake full rank.";
        RankResult[] deficient = [.. cases.Select(Exact)];
        int faked = cases.Count(c => IsFull(c.Result.Ranks[kind]));
        string verdict = faked == deficient.Length ? "Holds" : faked > 0 ? "Holds in part" : "Does not hold";
        return $"{verdict}: {what} fake full rank. Of {deficient.Length} cell{(deficient.Length == 1 ? "" : "s")} deficient in float64, by "
            + $"{Span($"{deficient.Min(Missing)}", $"{deficient.Max(Missing)}")} singular values, {faked} then have full rank.";
    }

    private string Rounding()
    {
        (double Low, double High) stored = Range(FeatureKind.Stored), single = Range(FeatureKind.Float32);
        return $"Rounding: ρ, measured over all entries, is {Text(stored)} for stored features, against 2⁻²⁴/√12 = {Text(RoundingError.OfStoring)} "
            + $"for numbers in [½, 1), and {Text(single)} for features computed in float32.";

        (double Low, double High) Range(FeatureKind kind) =>
            RangeOf(cells.Where(c => c.Result.Rounding.ContainsKey(kind)).Select(c => c.Result.Rounding[kind].Deviation));
    }

    // σ_min of a square matrix of noise spreads over orders of magnitude, so that one draw of it says nothing of another.
    private string LiftIsNoise()
    {
        Cell[] compared = [.. _measured.Where(c => c.Result.Ranks.ContainsKey(FeatureKind.Float32))];
        Cell[] lifted = [.. compared.Where(c => Lift(c) >= Lifted)], clear = [.. lifted.Where(c => c.Key.Width != c.Key.Samples)];
        if (compared.Length == 0) return "Not measured: σ_min of float32 features.";
        if (lifted.Length == 0)
            return $"Not seen: float32 features lift no σ_min {Lifted} times or more; it is {Text(RangeOf(compared.Select(Lift)))} times float64's.";
        string others = lifted.Length == compared.Length ? "" : $" In the other cells it is {Text(RangeOf(compared.Except(lifted).Select(Lift)))} times float64's.";
        return $"Float32 lifts σ_min {Lifted} times or more in {lifted.Length} of {compared.Length} cells, up to {Text(lifted.Max(Lift))} times. "
            + $"{(clear.Length == 0 ? "F1 is square in all of these." : NoiseIn(clear))}{others}";
    }

    private static string NoiseIn(Cell[] lifted)
    {
        double[] toControl = [.. lifted.Where(c => c.Result.Ranks.ContainsKey(FeatureKind.Gaussian))
            .Select(c => Of(c, FeatureKind.Float32) / Of(c, FeatureKind.Gaussian))];
        (double, double) toFloor = RangeOf(lifted.Select(c =>
            Of(c, FeatureKind.Float32) / NoiseFloor.Of(c.Key.Samples, c.Key.Width, c.Result.Rounding[FeatureKind.Float32].Deviation)));
        string control = toControl.Length == 0 ? ""
            : $"{Text(RangeOf(toControl))} times σ_min of float64 features with Gaussian noise of the same ρ (within a factor of 2 in "
                + $"{toControl.Count(r => r is > 0.5 and < 2)} of {toControl.Length} cells) and ";
        return $"Where F1 is not square it then is {control}{Text(toFloor)} times ρ·|√N - √n1|, a floor that is too low where part of the spectrum is above the noise.";
    }

    private static double Lift(Cell c) => Of(c, FeatureKind.Float32) / Of(c, FeatureKind.Float64);

    private static double Of(Cell c, FeatureKind kind) => c.Result.Ranks[kind].SigmaMin;

    private static string PaperColumnIsNoise()
    {
        PaperColumn[] rows = [.. PaperColumn.Rows];
        return $"The paper's column is {Text(RangeOf(rows.Select(r => r.Ratio)))} times what float32 storage alone predicts, for all {rows.Length} T1; "
            + $"within a factor of 2 at T1 = {string.Join(", ", rows.Where(r => r.Ratio is > 0.5 and < 2).Select(r => r.T1))}; both are smallest at "
            + $"T1 = {rows.MinBy(r => r.Printed)!.T1} (printed) and {rows.MinBy(r => r.Predicted)!.T1} (predicted), where F1 is nearly square.";
    }

    // Theorem 3.5 needs n1 ≥ N; below that the table's claim is full column rank.
    private IEnumerable<string> Theorem() =>
        from c in _measured
        group c by (c.Key.Noise, c.Key.Samples, c.Key.Weights) into g
        let wide = g.Where(c => c.Key.Width >= c.Key.Samples).ToArray()
        let tall = g.Where(c => c.Key.Width < c.Key.Samples).ToArray()
        select $"Float64, noise {Table2Settings.Name(g.Key.Noise)}, N = {g.Key.Samples}, {g.Key.Weights} weights: Theorem 3.5 (rank N for n1 ≥ N) is "
            + $"{Verdicts(wide, "visible", "not visible")}; full column rank for n1 < N is {Verdicts(tall, "seen", "not seen")}.";

    private static string Verdicts(Cell[] group, string yes, string no)
    {
        if (group.Length == 0) return "not asked";
        string[] parts =
        [
            .. Part(yes, IsFull), .. Part(no, IsDeficient), .. Part("undecided", r => !IsFull(r) && !IsDeficient(r)),
        ];
        return string.Join(", ", parts);

        IEnumerable<string> Part(string word, Func<RankResult, bool> belongs)
        {
            string[] sizes = [.. group.Where(c => belongs(Exact(c))).Select(c => $"{c.Key.T1} ({((double)c.Key.Width / c.Key.Samples).ToString("F3", CultureInfo.InvariantCulture)})")];
            return sizes.Length == 0 ? [] : [$"{word} at T1 (n1/N) = {string.Join(", ", sizes)}"];
        }
    }

    private IEnumerable<string> Patches() => patches.Select(p =>
        $"Assumption 3.1 at N = {p.Before.Samples}: two images share a patch at {p.Before.CollidingPositions} of {p.Before.Positions} positions before noise, "
        + $"at {p.Variance.CollidingPositions} after noise of variance 1e-5 and {p.Deviation.CollidingPositions} of standard deviation 1e-5, so that it "
        + $"{Holds(p.Before)} without noise, {Holds(p.Variance)} after the one and {Holds(p.Deviation)} after the other.");

    private static string Holds(PatchCollisions patches) => patches.None ? "holds" : "fails";

    private static RankResult Exact(Cell c) => c.Result.Ranks[FeatureKind.Float64];

    private static bool IsFull(RankResult rank) => rank.RankLow == rank.FullRank;

    private static bool IsDeficient(RankResult rank) => rank.RankHigh < rank.FullRank;

    private static long Missing(RankResult rank) => rank.FullRank - rank.Rank;

    private static (double Low, double High) RangeOf(IEnumerable<double> values) =>
        values.Aggregate((Low: double.PositiveInfinity, High: double.NegativeInfinity), (r, v) => (Math.Min(r.Low, v), Math.Max(r.High, v)));

    private static string Text((double Low, double High) range) =>
        range.Low > range.High ? "not measured" : Span(Text(range.Low), Text(range.High));

    private static string Span(string low, string high) => low == high ? low : $"{low} to {high}";

    private static string Text(double value) =>
        value.ToString(value is >= 0.01 and < 100 ? "0.00" : "0.00e+00", CultureInfo.InvariantCulture);
}
