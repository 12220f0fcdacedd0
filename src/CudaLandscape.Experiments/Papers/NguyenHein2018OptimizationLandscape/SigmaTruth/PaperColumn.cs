using CudaLandscape.Experiments.Runs;
using CudaLandscape.Landscape.Rank;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape.SigmaTruth;

/// <summary>σ_min(F1) as the paper prints it, and what rounding to float32 alone would make of it, with nothing fitted.</summary>
/// <param name="T1">Filters of the first layer.</param>
/// <param name="Printed">The paper's σ_min(F1) at N = 60000.</param>
/// <param name="Predicted">1.72e-8 |√60000 - √(676 T1)|.</param>
internal sealed record PaperColumn(int T1, double Printed, double Predicted)
{
    /// <summary>Printed over predicted.</summary>
    public double Ratio => Printed / Predicted;

    /// <summary>All ten rows of the paper.</summary>
    public static IReadOnlyList<PaperColumn> Rows { get; } =
        [.. Table2Paper.Rows.Select(r => new PaperColumn(r.T1, r.SigmaMinF1, NoiseFloor.Of(Table2Paper.Samples, 676L * r.T1, RoundingError.OfStoring)))];

    public static string ToCsv()
    {
        MetricsTable table = new(["t1", "columns", "paper_sigma_min_f1", "predicted", "ratio"]);
        foreach (PaperColumn row in Rows)
        {
            table.Begin();
            table.Set("t1", row.T1);
            table.Set("columns", 676 * row.T1);
            table.Set("paper_sigma_min_f1", row.Printed);
            table.Set("predicted", row.Predicted);
            table.Set("ratio", row.Ratio);
        }

        return table.ToCsv();
    }
}
