using CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;
using CudaLandscape.Interop;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Experiments.Tests.Table2;

[Collection("device")]
public sealed class VariantTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Random_weights_and_the_other_choices_are_what_is_measured()
    {
        int before = LiveHandles.Count;
        Session session = Session.Run(
            "table2", "--n", "30", "--t1", "1,2", "--weights", "random", "--features", "f64", "--noise", "sd", "--bias", "neuron",
            "--conv2", "3x3s2", "--init", "normal=0.01", "--out", _folder.Root);
        Assert.Equal((0, before), (session.Code, LiveHandles.Count));
        MetricsCsv metrics = _folder.Metrics();
        Assert.Equal(["1", "2"], metrics.Rows.Select(r => r[0]));
        Assert.Equal(9 + 676 + 720 + 2_880 + 73_110, metrics.Number(0, "parameters"));
        Assert.Equal(18 + 1_352 + 1_440 + 2_880 + 73_110, metrics.Number(1, "parameters"));
        for (int row = 0; row < 2; row++)
        {
            Assert.Equal(("random", "0", "sd"), (metrics[row, "weights"], metrics[row, "epochs"], metrics[row, "noise"]));
            Assert.Equal(("30", ""), (metrics[row, "rows_f3_f64"], metrics[row, "rows_f3_f32"]));
            Assert.InRange(metrics.Number(row, "loss"), 0.05, 0.2);
        }

        Assert.Equal(0, (int)_folder.RunJson()["settings"]!["epochs"]!);
        Assert.DoesNotContain("float32", _folder.Read("table.md"));
        Assert.Contains("random weights", _folder.Read("table.md"));
    }

    // Large weights saturate most units at the border, where images differ by their noise alone; small ones none.
    [Theory]
    [InlineData("normal=30", true)]
    [InlineData("glorot_uniform", false)]
    public void Columns_of_F3_that_hardly_vary_are_counted_in_metrics_and_table(string initializer, bool saturated)
    {
        Assert.Equal(0, Session.Run(
            "table2", "--n", "20", "--t1", "1", "--weights", "random", "--features", "f64", "--noise", "sd", "--init", initializer, "--out", _folder.Root).Code);
        double constant = _folder.Metrics().Number(0, "constant_columns_f3_f64");
        Assert.InRange(constant, saturated ? 2 : 0, saturated ? 2879 : 0);
        string line = $"T1 = 1, noise sd: {constant} of 2880 columns of F3 deviate by less than 1.0e-12";
        Assert.Equal(saturated, _folder.Read("table.md").Contains(line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_row_kept_before_columns_were_counted_is_complete_and_leaves_the_number_out()
    {
        Table2Row before = Table2Row.FromJson("""{ "T1": 10, "Noise": "Variance", "Samples": 60000, "EpochsDone": 5, "Train": {}, "Test": {} }""");
        foreach (string matrix in (string[])["f1_f64", "f3_f64"]) before.Ranks[matrix] = Result(60_000, 2880, 2880, 2880, 2880);
        Assert.True(before.IsComplete(Settings(60_000)));
        Assert.Equal("", MetricsCsv.Parse(Table2Metrics.ToCsv(Settings(60_000), [before]))[0, "constant_columns_f3_f64"]);
        Assert.DoesNotContain("columns of F3", new Table2Report(Settings(60_000), [before], "data", "soft:0").ToMarkdown());
    }

    [Fact]
    public void The_paper_s_rows_are_of_60000_samples_with_full_rank_of_F1()
    {
        Assert.Equal([10, 20, 30, 40, 50, 60, 70, 80, 89, 100], Table2Paper.Rows.Select(r => r.T1));
        Assert.All(Table2Paper.Rows, r => Assert.Equal(Math.Min(60_000, 676 * r.T1), r.RankF1));
        Assert.Equal([2875, 2856], Table2Paper.Rows.Where(r => r.RankF3 < 2880).Select(r => r.RankF3));
        Assert.All(Table2Paper.Rows, r => Assert.InRange(r.Loss, 1e-7, 1e-4));
        Assert.Null(Table2Paper.Find(11));
    }

    [Theory]
    [InlineData(60_000, "paper")]
    [InlineData(1_000, "paper (N = 60000)")]
    public void The_paper_s_row_stands_beneath_ours_and_says_when_its_samples_are_others(int samples, string label)
    {
        Table2Row row = new() { T1 = 10, Noise = NoiseReading.Variance, Samples = samples };
        row.Ranks["f1_f64"] = Result(samples, 6760, rank: 6000, low: 5990, high: 6010);
        MarkdownTable table = MarkdownTable.Parse(new Table2Report(Settings(samples), [row], "data", "soft:0").ToMarkdown());
        Assert.Equal(2, table.Rows.Length);
        Assert.Equal(("10", $"{samples}x6760", "6000 [5990..6010]"), (table[0, "T1"], table[0, "F1"], table[0, "rank F1"]));
        Assert.Equal((1e-5, "not computed", ""), (table.Number(0, "σ_min F1"), table[0, "rank F3"], table[0, "σ_min F3"]));
        Assert.Equal((label, "60000x6760", "6760", "2880"), (table[1, ""], table[1, "F1"], table[1, "rank F1"], table[1, "rank F3"]));
        Assert.Equal((3.7e-6, 2.0e-2), (table.Number(1, "σ_min F1"), table.Number(1, "σ_min F3")));
        Assert.Equal((2.4, 8, 151), (table.Number(1, "loss /1e-5"), table.Number(1, "train err"), table.Number(1, "test err")));
    }

    [Fact]
    public void A_problem_and_the_paper_s_values_are_in_the_metrics()
    {
        Table2Row row = new() { T1 = 89, Noise = NoiseReading.StandardDeviation, Samples = 60_000, Problem = "too large, by \"far\"" };
        MetricsCsv metrics = MetricsCsv.Parse(Table2Metrics.ToCsv(Settings(60_000), [row]));
        Assert.Equal("too large, by \"far\"", metrics[0, "problem"]);
        string[] columns = ["rank_f1", "sigma_min_f1", "rank_f3", "sigma_min_f3", "loss", "train_errors", "test_errors"];
        Assert.Equal([60_000, 2e-8, 2880, 8.9e-10, 0.35e-5, 0, 117], columns.Select(c => metrics.Number(0, $"paper_{c}")));
        Assert.Equal(("", "", ""), (metrics[0, "loss"], metrics[0, "rank_f1_f64"], metrics[0, "test_errors"]));
    }

    private static RankResult Result(long rows, long columns, long rank, long low, long high) => new()
    {
        Rows = rows, Columns = columns, Rank = rank, RankLow = low, RankHigh = high, SigmaMax = 1, SigmaMin = 1e-5, Threshold = 1e-12,
        Eta = 1e-15, Method = RankMethod.SingularValuesOfR, Seed = 1,
    };

    private static Table2Settings Settings(int samples) => new()
    {
        Preset = "paper", T1 = [10], Samples = samples, Epochs = 5, BatchSize = 128, Rate = 1e-3, Decay = 0,
        Noise = [NoiseReading.Variance], Float32Features = false, Trained = true, Step = StepKind.Fused, Bias = BiasKind.Shared,
        Conv2 = Conv2Choice.Kernel2Stride1, Initializer = Initializer.GlorotUniform, Seed = 1, Out = "runs",
    };
}
