using CudaLandscape.Experiments.Runs;
using CudaLandscape.Landscape.Rank;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;

/// <summary>The rows as metrics.csv; a value that was not measured is empty.</summary>
internal static class Table2Metrics
{
    private static readonly string[] s_matrices = ["f1_f64", "f3_f64", "f1_f32", "f3_f32"];

    private static readonly string[] s_columns =
    [
        "t1", "noise", "noise_sd", "weights", "n", "parameters", "epochs", "loss", "half_sum", "train_errors", "test_errors",
        .. s_matrices.SelectMany(m => (string[])
        [
            $"rows_{m}", $"columns_{m}", $"rank_{m}", $"rank_low_{m}", $"rank_high_{m}", $"sigma_min_{m}", $"sigma_max_{m}",
            $"threshold_{m}", $"eta_{m}", $"lower_bound_{m}", $"upper_bound_{m}", $"sigma_max_bound_{m}", $"rank_at_tenth_{m}",
            $"rank_at_ten_{m}", $"rank_at_hundred_{m}", $"residual_{m}", $"qr_deviation_{m}", $"sigma_max_steps_{m}",
            $"sigma_min_steps_{m}", $"method_{m}", $"refined_sigma_min_{m}", $"refined_residual_{m}",
        ]),
        "rounding_f1_f32", "rounding_f3_f32", "constant_columns_f3_f64", "train_seconds", "rank_seconds", "paper_rank_f1", "paper_sigma_min_f1", "paper_rank_f3", "paper_sigma_min_f3", "paper_loss",
        "paper_train_errors", "paper_test_errors", "problem",
    ];

    public static string ToCsv(Table2Settings settings, IEnumerable<Table2Row> rows)
    {
        MetricsTable table = new(s_columns);
        foreach (Table2Row row in rows) Add(table, settings, row);
        return table.ToCsv();
    }

    private static void Add(MetricsTable table, Table2Settings settings, Table2Row row)
    {
        table.Begin();
        table.Set("t1", row.T1);
        table.Set("noise", Table2Settings.Name(row.Noise));
        table.Set("noise_sd", Table2Settings.Deviation(row.Noise));
        table.Set("weights", settings.Trained ? "trained" : "random");
        table.Set("n", row.Samples);
        table.Set("parameters", row.ParameterCount);
        table.Set("epochs", row.EpochsDone);
        table.Set("loss", row.Train?.Loss);
        table.Set("half_sum", row.Train?.HalfSum);
        table.Set("train_errors", row.Train?.Errors);
        table.Set("test_errors", row.Test?.Errors);
        foreach ((string matrix, RankResult rank) in row.Ranks) AddRank(table, matrix, rank);
        foreach ((string layer, RoundingError error) in row.Rounding) table.Set($"rounding_{layer}_f32", error.Deviation);
        table.Set("constant_columns_f3_f64", row.ConstantColumnsF3);
        table.Set("train_seconds", row.TrainSeconds);
        table.Set("rank_seconds", row.RankSeconds);
        AddPaper(table, row.Paper);
        table.Set("problem", row.Problem);
    }

    private static void AddRank(MetricsTable table, string matrix, RankResult rank)
    {
        table.Set($"rows_{matrix}", rank.Rows);
        table.Set($"columns_{matrix}", rank.Columns);
        table.Set($"rank_{matrix}", rank.Rank);
        table.Set($"rank_low_{matrix}", rank.RankLow);
        table.Set($"rank_high_{matrix}", rank.RankHigh);
        table.Set($"sigma_min_{matrix}", rank.SigmaMin);
        table.Set($"sigma_max_{matrix}", rank.SigmaMax);
        table.Set($"threshold_{matrix}", rank.Threshold);
        table.Set($"eta_{matrix}", rank.Eta);
        table.Set($"lower_bound_{matrix}", rank.LowerBound);
        table.Set($"upper_bound_{matrix}", rank.UpperBound);
        table.Set($"sigma_max_bound_{matrix}", rank.SigmaMaxBound);
        table.Set($"rank_at_tenth_{matrix}", rank.RankAtTenth?.Rank);
        table.Set($"rank_at_ten_{matrix}", rank.RankAtTen?.Rank);
        table.Set($"rank_at_hundred_{matrix}", rank.RankAtHundred?.Rank);
        AddEvidence(table, matrix, rank);
    }

    private static void AddEvidence(MetricsTable table, string matrix, RankResult rank)
    {
        table.Set($"residual_{matrix}", rank.Residual);
        table.Set($"qr_deviation_{matrix}", rank.QrDeviation);
        table.Set($"sigma_max_steps_{matrix}", rank.SigmaMaxSteps);
        table.Set($"sigma_min_steps_{matrix}", rank.SigmaMinSteps);
        table.Set($"method_{matrix}", rank.Method);
        table.Set($"refined_sigma_min_{matrix}", rank.RefinedSigmaMin);
        table.Set($"refined_residual_{matrix}", rank.RefinedResidual);
    }

    private static void AddPaper(MetricsTable table, Table2Paper? paper)
    {
        table.Set("paper_rank_f1", paper?.RankF1);
        table.Set("paper_sigma_min_f1", paper?.SigmaMinF1);
        table.Set("paper_rank_f3", paper?.RankF3);
        table.Set("paper_sigma_min_f3", paper?.SigmaMinF3);
        table.Set("paper_loss", paper?.Loss);
        table.Set("paper_train_errors", paper?.TrainErrors);
        table.Set("paper_test_errors", paper?.TestErrors);
    }
}
