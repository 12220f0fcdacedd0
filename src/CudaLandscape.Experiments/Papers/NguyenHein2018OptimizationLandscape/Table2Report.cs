using System.Globalization;
using System.Text;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Landscape.Rank;
using CudaLandscape.Nn.Models;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;

/// <summary>The table for the screen and for table.md: our rows, each with the paper's beneath it where there is one.</summary>
internal sealed class Table2Report(Table2Settings settings, IReadOnlyList<Table2Row> rows, string data, string device)
{
    private static readonly string[] s_header =
        [
            "T1", "", "F1", "rank F1", "σ_min F1", "σ_max F1", "threshold", "rank F3", "σ_min F3", "σ_max F3", "threshold", "loss /1e-5",
            "train err", "test err",
        ];

    /// <summary>What a repetition gives, as run.json says it too.</summary>
    public const string Determinism = "run_to_run: the same machine and command give the same bits; on softcuda training's do not depend "
        + "on the number of threads (singular values by LAPACK or cuSOLVER are exempt)";

    public void Print()
    {
        Console.WriteLine(Title());
        Table().Print();
        foreach (string note in Notes()) Console.WriteLine(note);
        foreach ((string matrix, string[] lines) in Certificates()) Console.WriteLine($"{matrix}: {lines[0]}");
    }

    public string ToMarkdown()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"# {Title()}\n\n{Table().ToMarkdown()}");
        foreach (string note in Notes()) text.Append(CultureInfo.InvariantCulture, $"\n{note}\n");
        foreach ((string matrix, string[] lines) in Certificates())
            text.Append(CultureInfo.InvariantCulture, $"\n{matrix}:\n{string.Concat(lines.Select(line => $"- {line}\n"))}");
        return text.ToString();
    }

    /// <summary>What every rank rests on, as lines under the name of its matrix.</summary>
    private IEnumerable<(string Matrix, string[] Lines)> Certificates() =>
        from row in rows
        from matrix in settings.Matrices
        let key = $"{matrix.Layer}_{matrix.Type.Suffix()}"
        where row.Ranks.ContainsKey(key)
        select ($"{matrix.Layer.ToUpperInvariant()} at T1 = {row.T1}, noise {Table2Settings.Name(row.Noise)}, "
            + (matrix.Type == DType.Float64 ? "float64 features" : "float32 features, which say nothing of exact ones"),
            RankCertificate.Lines(row.Ranks[key]));

    private TextTable Table() => new(s_header, [.. Cells()]);

    private string Title() =>
        $"ICML'18 Table 2 ({PresetName()}): N = {settings.Samples}, {(settings.Trained ? $"{settings.Epochs} epochs" : "random weights")}, "
        + $"{data}, device {device}";

    private string PresetName() => settings.Overridden.Count == 0
        ? settings.Preset
        : $"{settings.Preset} but for {string.Join(", ", settings.Overridden)}";

    private IEnumerable<string[]> Cells()
    {
        foreach (Table2Row row in rows)
        {
            yield return Ours(row, "f64", "float64");
            if (settings.Float32Features) yield return Ours(row, "f32", "float32, noise-limited");
            if (row.Paper is { } paper) yield return Theirs(row, paper);
        }
    }

    private static string[] Ours(Table2Row row, string type, string label)
    {
        RankResult? f1 = row.Ranks.GetValueOrDefault($"f1_{type}"), f3 = row.Ranks.GetValueOrDefault($"f3_{type}");
        bool first = type == "f64";
        return
        [
            first ? $"{row.T1}" : "", $"ours, {label}{(first ? $", noise {Table2Settings.Name(row.Noise)}" : "")}", $"{row.Samples}x{676L * row.T1}",
            f1?.RankText ?? "not computed", Number(f1?.SigmaMin), Number(f1?.SigmaMax), Number(f1?.Threshold),
            f3?.RankText ?? "not computed", Number(f3?.SigmaMin), Number(f3?.SigmaMax), Number(f3?.Threshold),
            first && row.Train is { } t ? (t.Loss * 1e5).ToString("G3", CultureInfo.InvariantCulture) : "",
            first ? $"{row.Train?.Errors}" : "", first ? $"{row.Test?.Errors}" : "",
        ];
    }

    private static string[] Theirs(Table2Row row, Table2Paper paper) =>
    [
        "", row.IsComparable ? "paper" : $"paper (N = {Table2Paper.Samples})", $"{Table2Paper.Samples}x{676 * paper.T1}", $"{paper.RankF1}",
        Number(paper.SigmaMinF1), "", "", $"{paper.RankF3}", Number(paper.SigmaMinF3), "", "",
        (paper.Loss * 1e5).ToString("G3", CultureInfo.InvariantCulture), $"{paper.TrainErrors}", $"{paper.TestErrors}",
    ];

    private IEnumerable<string> Notes()
    {
        yield return $"Choices the paper leaves open: second convolution {Table2Settings.Name(settings.Conv2)}, bias {Table2Settings.Name(settings.Bias)}, "
            + $"initializer {settings.Initializer}, Adam lr {settings.Rate:G3} decay {settings.Decay:G3} batch {settings.BatchSize}, pixels / 255, "
            + $"noise sd {string.Join(" and ", settings.Noise.Select(r => Table2Settings.Deviation(r).ToString("G3", CultureInfo.InvariantCulture)))}, seed {settings.Seed}.";
        yield return "Loss: mean over all entries of (F_L - Y)². Rank: singular values above ½ √(m+n+1) σ_max 2⁻⁵²; [low..high] where rounding leaves it open.";
        if (rows.Any(r => r.Ranks.Values.Any(x => x.LowerBound is not null)))
            yield return "Full ranks without all singular values rest on a lower bound of σ_min with probability 1 - 1e-10, and on an η of 10 ε σ_max for the rounding of QR, measured up to n = 4000; each certificate says its own.";
        if (settings.Float32Features)
            yield return $"float32 rows are noise-limited; full rank there proves nothing. {string.Join(' ', rows.SelectMany(Roundings))}".TrimEnd();
        foreach (Table2Row row in rows.Where(r => r.ConstantColumnsF3 > 0)) yield return OfConstantColumns(row);
        yield return $"Determinism: {Determinism}.";
        foreach (Table2Row row in rows.Where(r => r.Problem is not null)) yield return $"T1 = {row.T1}: {row.Problem}";
    }

    // A bound by ColumnDeviation, of the matrix as computed.
    private static string OfConstantColumns(Table2Row row) =>
        $"T1 = {row.T1}, noise {Table2Settings.Name(row.Noise)}: {row.ConstantColumnsF3} of {Figure1Network.Width3} columns of F3 deviate by less than "
        + $"{Number(Table2Network.ConstantBelow)} over the samples, units that are saturated for all of them; so {row.ConstantColumnsF3 - 1} singular values of the "
        + $"columns are at most {Number(Table2Network.ConstantBelow * Math.Sqrt((double)row.ConstantColumnsF3! * row.Samples))}.";

    private static IEnumerable<string> Roundings(Table2Row row) =>
        from layer in (string[])["f1", "f3"]
        where row.Rounding.ContainsKey(layer) && row.Ranks.ContainsKey($"{layer}_f32")
        let columns = row.Ranks[$"{layer}_f32"].Columns
        let deviation = row.Rounding[layer].Deviation
        select $"T1 = {row.T1}: rounding of {layer.ToUpperInvariant()} has the standard deviation {Number(deviation)} (measured), "
            + $"a floor of {Number(NoiseFloor.Of(row.Samples, columns, deviation))} for its σ_min.";

    private static string Number(double? value) => value?.ToString("0.0e+00", CultureInfo.InvariantCulture) ?? "";
}
