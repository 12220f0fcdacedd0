using CudaLandscape.Experiments.Runs;
using CudaLandscape.Landscape.Rank;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape.SigmaTruth;

/// <summary>The cells as table.csv; a value that was not measured is empty.</summary>
internal static class SigmaTruthMetrics
{
    private static readonly FeatureKind[] s_kinds = Enum.GetValues<FeatureKind>();

    private static readonly string[] s_columns =
    [
        "noise", "noise_sd", "n", "weights", "weight_scale", "t1", "columns", "columns_over_n", "loss", "train_errors",
        "rounding_stored", "rounding_float32", "rounding_float32_mean", "rounding_float32_largest", "floor_stored", "floor_float32",
        .. s_kinds.SelectMany(kind => (string[])
        [
            $"sigma_min_{NameOf(kind)}", $"rank_{NameOf(kind)}", $"rank_low_{NameOf(kind)}", $"rank_high_{NameOf(kind)}",
            $"threshold_{NameOf(kind)}", $"eta_{NameOf(kind)}", $"lower_bound_{NameOf(kind)}", $"sigma_max_{NameOf(kind)}",
            $"method_{NameOf(kind)}", $"seconds_{NameOf(kind)}", $"refined_sigma_min_{NameOf(kind)}", $"refined_residual_{NameOf(kind)}",
        ]),
        "problem",
    ];

    public static string ToCsv(IEnumerable<(SigmaTruthCell Cell, SigmaTruthResult Result)> cells)
    {
        MetricsTable table = new(s_columns);
        foreach ((SigmaTruthCell cell, SigmaTruthResult result) in cells) Add(table, cell, result);
        return table.ToCsv();
    }

    private static void Add(MetricsTable table, SigmaTruthCell cell, SigmaTruthResult result)
    {
        table.Begin();
        table.Set("noise", Table2Settings.Name(cell.Noise));
        table.Set("noise_sd", Table2Settings.Deviation(cell.Noise));
        table.Set("n", cell.Samples);
        table.Set("weights", cell.Scale is null ? "trained" : "random");
        table.Set("weight_scale", cell.Scale);
        table.Set("t1", cell.T1);
        table.Set("columns", cell.Width);
        table.Set("columns_over_n", (double)cell.Width / cell.Samples);
        table.Set("loss", result.Train?.Loss);
        table.Set("train_errors", result.Train?.Errors);
        AddRounding(table, cell, result);
        foreach ((FeatureKind kind, RankResult rank) in result.Ranks) AddRank(table, kind, rank, result.Seconds[kind]);
        table.Set("problem", result.Problem);
    }

    private static void AddRounding(MetricsTable table, SigmaTruthCell cell, SigmaTruthResult result)
    {
        foreach ((FeatureKind kind, RoundingError error) in result.Rounding)
        {
            table.Set($"rounding_{NameOf(kind)}", error.Deviation);
            table.Set($"floor_{NameOf(kind)}", NoiseFloor.Of(cell.Samples, cell.Width, error.Deviation));
            if (kind != FeatureKind.Float32) continue;
            table.Set("rounding_float32_mean", error.Mean);
            table.Set("rounding_float32_largest", error.Largest);
        }
    }

    private static void AddRank(MetricsTable table, FeatureKind kind, RankResult rank, double seconds)
    {
        string name = NameOf(kind);
        table.Set($"sigma_min_{name}", rank.SigmaMin);
        table.Set($"rank_{name}", rank.Rank);
        table.Set($"rank_low_{name}", rank.RankLow);
        table.Set($"rank_high_{name}", rank.RankHigh);
        table.Set($"threshold_{name}", rank.Threshold);
        table.Set($"eta_{name}", rank.Eta);
        table.Set($"lower_bound_{name}", rank.LowerBound);
        table.Set($"sigma_max_{name}", rank.SigmaMax);
        table.Set($"method_{name}", rank.Method);
        table.Set($"seconds_{name}", seconds);
        table.Set($"refined_sigma_min_{name}", rank.RefinedSigmaMin);
        table.Set($"refined_residual_{name}", rank.RefinedResidual);
    }

    private static string NameOf(FeatureKind kind) => kind.ToString().ToLowerInvariant();
}
