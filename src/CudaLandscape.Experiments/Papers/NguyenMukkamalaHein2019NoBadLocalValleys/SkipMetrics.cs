using CudaLandscape.Experiments.Runs;

namespace CudaLandscape.Experiments.Papers.NguyenMukkamalaHein2019NoBadLocalValleys;

/// <summary>The units as metrics.csv; a value that was not measured is empty.</summary>
internal static class SkipMetrics
{
    private static readonly string[] s_columns =
    [
        "network", "variant", "activation", "augmented", "seed", "n", "connections", "pool", "parameters", "epochs", "train_errors",
        "train_cross_entropy", "test_samples", "test_errors", "test_accuracy", "test_cross_entropy", "residual", "stored_neurons",
        "index_bytes", "peak_bytes", "train_seconds", "paper", "problem",
    ];

    public static string ToCsv(SkipSettings settings, IReadOnlyDictionary<SkipUnit, SkipResult> results)
    {
        MetricsTable table = new(s_columns);
        foreach ((SkipUnit unit, SkipResult result) in results) Add(table, settings, unit, result);
        return table.ToCsv();
    }

    private static void Add(MetricsTable table, SkipSettings settings, SkipUnit unit, SkipResult result)
    {
        table.Begin();
        table.Set("network", unit.Network);
        table.Set("variant", SkipUnit.NameOf(unit.Variant));
        table.Set("activation", unit.Activation);
        table.Set("augmented", unit.Augmented ? 1 : 0);
        table.Set("seed", unit.Seed);
        table.Set("n", settings.Samples);
        table.Set("connections", unit.Variant == SkipVariant.Plain ? null : settings.Connections);
        table.Set("paper", SkipPaper.Find(unit.Cell));
        table.Set("problem", result.Problem);
        if (!result.IsDone) return;
        table.Set("pool", unit.Variant == SkipVariant.Plain ? null : result.Pool);
        table.Set("parameters", result.Parameters);
        table.Set("epochs", unit.Variant == SkipVariant.SkipExact ? null : settings.Epochs);
        table.Set("train_errors", result.TrainErrors);
        table.Set("train_cross_entropy", result.TrainCrossEntropy);
        table.Set("test_samples", result.TestSamples);
        table.Set("test_errors", result.TestErrors);
        table.Set("test_accuracy", result.TestAccuracy);
        table.Set("test_cross_entropy", result.TestCrossEntropy);
        table.Set("residual", result.Residual);
        table.Set("stored_neurons", result.StoredNeurons is { } stored ? stored ? 1 : 0 : null);
        table.Set("index_bytes", result.IndexBytes);
        table.Set("peak_bytes", result.PeakBytes);
        table.Set("train_seconds", result.TrainSeconds);
    }
}
