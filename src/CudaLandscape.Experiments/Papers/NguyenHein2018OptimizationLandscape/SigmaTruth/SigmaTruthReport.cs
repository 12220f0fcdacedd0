using System.Globalization;
using System.Text;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Landscape.Rank;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape.SigmaTruth;

/// <summary>The page for the screen and for table.md: the cells, the paper's column, and what follows from them.</summary>
internal sealed class SigmaTruthReport(
    SigmaTruthSettings settings, IReadOnlyList<(SigmaTruthCell Cell, SigmaTruthResult Result)> cells, IReadOnlyList<PatchSurvey> patches,
    string data, string device)
{
    private const string PaperTitle = "The paper's column σ_min(F1) beside 1.72e-8 · |√60000 - √(676 T1)|, with nothing fitted";

    public void Print()
    {
        Console.WriteLine(Title());
        Cells().Print();
        foreach (string note in Notes()) Console.WriteLine(note);
        Console.WriteLine(PaperTitle);
        Paper().Print();
        foreach (string line in Conclusions()) Console.WriteLine($"- {line}");
    }

    public string ToMarkdown()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"# {Title()}\n\n{Cells().ToMarkdown()}");
        foreach (string note in Notes()) text.Append(CultureInfo.InvariantCulture, $"\n{note}\n");
        text.Append(CultureInfo.InvariantCulture, $"\n## {PaperTitle}\n\n{Paper().ToMarkdown()}\n## Conclusions\n\n");
        foreach (string line in Conclusions()) text.Append(CultureInfo.InvariantCulture, $"- {line}\n");
        return text.ToString();
    }

    private string Title() => $"σ_min(F1) by precision of the features ({settings.Preset}): {data}, device {device}";

    private IEnumerable<string> Conclusions() => new SigmaTruthConclusions(cells, patches).Lines();

    private TextTable Cells()
    {
        string[] header =
        [
            "noise", "N", "weights", "T1", "n1/N", "full rank", "threshold", .. settings.Features.Select(k => $"{k}: σ_min, rank"),
            "ρ Float32", "floor",
        ];
        return new TextTable(header, [.. cells.Select(c => Row(c.Cell, c.Result))]);
    }

    private string[] Row(SigmaTruthCell cell, SigmaTruthResult result)
    {
        double? deviation = result.Rounding.GetValueOrDefault(FeatureKind.Float32)?.Deviation;
        return
        [
            Table2Settings.Name(cell.Noise), $"{cell.Samples}", cell.Weights, $"{cell.T1}",
            ((double)cell.Width / cell.Samples).ToString("F3", CultureInfo.InvariantCulture),
            $"{Math.Min(cell.Samples, cell.Width)}", Number(result.Ranks.GetValueOrDefault(FeatureKind.Float64)?.Threshold),
            .. settings.Features.Select(kind => Rank(result.Ranks.GetValueOrDefault(kind))),
            Number(deviation), Number(deviation is { } rho ? NoiseFloor.Of(cell.Samples, cell.Width, rho) : null),
        ];
    }

    private static string Rank(RankResult? rank) => rank is null ? "not computed" : $"{Number(rank.SigmaMin)}, {rank.RankText}";

    private static TextTable Paper() => new(
        ["T1", "n1", "paper", "predicted", "paper / predicted"],
        [.. PaperColumn.Rows.Select(r => (string[])
        [
            $"{r.T1}", $"{676 * r.T1}", Number(r.Printed), Number(r.Predicted), r.Ratio.ToString("F2", CultureInfo.InvariantCulture),
        ])]);

    private IEnumerable<string> Notes()
    {
        yield return "Rank: singular values above ½ √(m+n+1) σ_max 2⁻⁵², always in float64; [low..high] where rounding of the factorisation leaves it open. "
            + "Stored: computed in float64, rounded to float32. Gaussian: float64 plus independent noise of standard deviation ρ Float32, which is measured over all entries. "
            + "Floor: ρ Float32 · (√max(N, n1) - √min(N, n1)).";
        yield return $"Random weights and biases are normal with the standard deviation given; {Trained()}. Noise sd "
            + $"{string.Join(" and ", settings.Noise.Select(r => $"{Number(Table2Settings.Deviation(r))} ({Table2Settings.Name(r)})"))}, pixels / 255, seed {settings.Seed}.";
        foreach ((SigmaTruthCell cell, SigmaTruthResult result) in cells.Where(c => c.Result.Problem is not null))
            yield return $"{cell.Name}: {result.Problem}";
    }

    private string Trained()
    {
        if (settings.Trained is { } run) return $"trained ones are of a run of {run.Settings.Epochs} epochs on {run.Settings.Samples} images";
        int[] errors = [.. cells.Where(c => c.Cell.Scale is null && c.Result.Train is not null).Select(c => c.Result.Train!.Value.Errors)];
        return errors.Length == 0 ? "none are trained"
            : $"trained ones have seen their images {settings.Epochs} times from Glorot's uniform weights on (Adam, batch 128) and make "
                + $"{errors.Min()} to {errors.Max()} training errors";
    }

    private static string Number(double? value) => value?.ToString("0.0e+00", CultureInfo.InvariantCulture) ?? "";
}
