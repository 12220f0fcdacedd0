using CudaLandscape.Experiments.Runs;
using CudaLandscape.Figures;
using CudaLandscape.Landscape.Rank;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape.SigmaTruth;

/// <summary>σ_min(F1) by n1 / N and precision of the features beside the floor of the rounding, and the paper's column beside its prediction.</summary>
internal static class SigmaTruthFigures
{
    private static readonly Axis s_sigma = new("σ_min(F1)") { Scale = AxisScale.Log };

    /// <summary>Writes a figure for each noise, N and kind of weights, and the paper's.</summary>
    public static void Write(RunFolder folder, IReadOnlyList<(SigmaTruthCell Cell, SigmaTruthResult Result)> cells)
    {
        foreach (var group in cells.GroupBy(c => (c.Cell.Noise, c.Cell.Samples, c.Cell.Weights)))
            Write(folder, group.Key.Noise, group.Key.Samples, group.Key.Weights, [.. group.OrderBy(c => c.Cell.T1)]);
        RunFigures.Write(folder, "paper-column", new Plot(
            "The paper's σ_min(F1) and the rounding of float32", new Axis("T1, filters of the first layer"), s_sigma,
            Series.LineAndPoints("paper", [.. PaperColumn.Rows.Select(r => (double)r.T1)], [.. PaperColumn.Rows.Select(r => r.Printed)]),
            Series.LineAndPoints("1.72e-8 |√60000 - √n1|", [.. PaperColumn.Rows.Select(r => (double)r.T1)], [.. PaperColumn.Rows.Select(r => r.Predicted)])));
    }

    private static void Write(
        RunFolder folder, NoiseReading noise, int samples, string weights, (SigmaTruthCell Cell, SigmaTruthResult Result)[] cells)
    {
        List<Series> series = [];
        foreach (FeatureKind kind in Enum.GetValues<FeatureKind>())
            Add($"{kind}", c => c.Result.Ranks.TryGetValue(kind, out var rank) ? rank.SigmaMin : null);
        Add("floor", c => c.Result.Rounding.TryGetValue(FeatureKind.Float32, out RoundingError? error)
            ? NoiseFloor.Of(c.Cell.Samples, c.Cell.Width, error.Deviation) : null);
        Add("threshold", c => c.Result.Ranks.TryGetValue(FeatureKind.Float64, out var rank) ? rank.Threshold : null);
        if (series.Count == 0) return;
        string reading = Table2Settings.Name(noise);
        RunFigures.Write(folder, $"sigma-min-{reading}-n{samples}-{weights.Replace(' ', '-')}", new Plot(
            $"N = {samples}, noise {reading}, weights {weights}", new Axis("n1 / N"), s_sigma, [.. series]));

        void Add(string name, Func<(SigmaTruthCell Cell, SigmaTruthResult Result), double?> value)
        {
            (double X, double? Y)[] points = [.. cells.Select(c => ((double)c.Cell.Width / samples, value(c))).Where(p => p.Item2 is not null)];
            if (points.Length > 0) series.Add(Series.LineAndPoints(name, [.. points.Select(p => p.X)], [.. points.Select(p => p.Y!.Value)]));
        }
    }
}
