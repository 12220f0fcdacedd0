using System.Globalization;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Figures;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;

/// <summary>What was measured, as figures in the run folder: loss by epoch, and σ_min by T1 beside the paper's column.</summary>
internal static class Table2Figures
{
    private static readonly Axis s_sigma = new("σ_min") { Scale = AxisScale.Log };

    /// <summary>Writes those there is something for.</summary>
    public static void Write(RunFolder folder, IReadOnlyList<Table2Row> rows)
    {
        Series[] losses = [.. rows.Select(r => (Row: r, Losses: Losses(folder, r))).Where(r => r.Losses.Any(l => l > 0))
            .Select(r => Series.Line(Name(r.Row), [.. Enumerable.Range(1, r.Losses.Length).Select(e => (double)e)], r.Losses))];
        if (losses.Length > 0)
            RunFigures.Write(folder, "loss", new Plot("Training loss", new Axis("epoch"), new Axis("mean over all entries of (F_L − Y)²") { Scale = AxisScale.Log }, losses));
        WriteSigma(folder, rows, "f1", p => p.SigmaMinF1);
        WriteSigma(folder, rows, "f3", p => p.SigmaMinF3);
    }

    private static void WriteSigma(RunFolder folder, IReadOnlyList<Table2Row> rows, string layer, Func<Table2Paper, double> paper)
    {
        IEnumerable<Series> ours = from type in (string[])["f64", "f32"]
                                   from noise in rows.Select(r => r.Noise).Distinct()
                                   let found = rows.Where(r => r.Noise == noise && r.Ranks.TryGetValue($"{layer}_{type}", out RankResult? rank) && rank.SigmaMin > 0).ToArray()
                                   where found.Length > 0
                                   select Series.LineAndPoints(
                                       $"ours, float{type[1..]}, noise {Table2Settings.Name(noise)}", [.. found.Select(r => (double)r.T1)],
                                       [.. found.Select(r => r.Ranks[$"{layer}_{type}"].SigmaMin)]);
        Series[] series = [.. ours];
        if (series.Length == 0) return;
        IEnumerable<Series> theirs = rows.Any(r => r.IsComparable)
            ? [Series.LineAndPoints("paper", [.. Table2Paper.Rows.Select(p => (double)p.T1)], [.. Table2Paper.Rows.Select(paper)])]
            : [];
        string title = $"Smallest singular value of {layer.ToUpperInvariant()}, N = {rows[0].Samples}";
        RunFigures.Write(folder, $"sigma-min-{layer}", new Plot(title, new Axis("T1, filters of the first layer"), s_sigma, [.. series, .. theirs]));
    }

    private static string Name(Table2Row row) => $"T1 = {row.T1}, noise {Table2Settings.Name(row.Noise)}";

    // One for each epoch; none when the network was not trained.
    private static double[] Losses(RunFolder folder, Table2Row row)
    {
        string path = folder.Path(Table2RowFolder.NameOf(row.Noise, row.T1), "epochs.csv");
        return File.Exists(path)
            ? [.. File.ReadLines(path).Skip(1).Select(line => double.Parse(line.Split(',')[1], CultureInfo.InvariantCulture))]
            : [];
    }
}
