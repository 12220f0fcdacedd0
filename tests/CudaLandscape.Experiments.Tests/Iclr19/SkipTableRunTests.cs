using System.Globalization;

namespace CudaLandscape.Experiments.Tests.Iclr19;

/// <summary>A whole run of iclr19-table1: what it measures, keeps and shows.</summary>
[Collection("device")]
public sealed class SkipTableRunTests(SkipTableRun run) : IClassFixture<SkipTableRun>
{
    private static readonly string[] s_names = ["plain", "skip-sgd", "skip-sgd", "skip-rand", "skip-rand"];

    [Fact]
    public void Every_unit_is_measured_and_the_plain_network_trains_once()
    {
        MetricsCsv metrics = run.Folder.Metrics();
        Assert.Equal(0, run.Code);
        Assert.Equal("done", (string?)run.Folder.RunJson()["status"]);
        Assert.Equal(s_names, metrics.Rows.Select((_, r) => metrics[r, "variant"]));
        Assert.Equal(["3", "3", "4", "3", "4"], metrics.Rows.Select((_, r) => metrics[r, "seed"]));
        for (int row = 0; row < s_names.Length; row++)
        {
            Assert.Equal(("", "30"), (metrics[row, "problem"], metrics[row, "test_samples"]));
            Assert.Equal(100 * (30 - metrics.Number(row, "test_errors")) / 30, metrics.Number(row, "test_accuracy"), 1e-12);
            Assert.InRange(metrics.Number(row, "peak_bytes"), 4e6, 4e9);
        }
    }

    [Fact]
    public void Parameters_pools_and_lists_of_neurons_have_their_sizes()
    {
        MetricsCsv metrics = run.Folder.Metrics();
        long[] parameters = [3_609_866, 3_610_066, 3_610_066, 210, 210];
        Assert.Equal(parameters.Select(p => (double)p), metrics.Rows.Select((_, r) => metrics.Number(r, "parameters")));
        Assert.Equal(("", ""), (metrics[0, "pool"], metrics[0, "connections"]));
        for (int row = 1; row < s_names.Length; row++)
        {
            Assert.Equal((179_840, 20), (metrics.Number(row, "pool"), metrics.Number(row, "connections")));
            Assert.InRange(metrics.Number(row, "index_bytes"), 4 * 4 * 20, 4 * (4 * 20 + 13));
        }
    }

    [Fact]
    public void Neurons_of_a_frozen_U_are_stored_where_they_fit_and_streamed_where_not()
    {
        MetricsCsv stored = run.Folder.Metrics();
        using ScratchFolder folder = new();
        Assert.Equal(0, Session.Run(SkipTableRun.Arguments(folder, "skip-rand", "--neuron-gb", "0")).Code);
        MetricsCsv streamed = folder.Metrics();
        for (int draw = 0; draw < 2; draw++)
        {
            Assert.Equal(("1", "0"), (stored[3 + draw, "stored_neurons"], streamed[draw, "stored_neurons"]));
            Assert.Equal(stored.Number(3 + draw, "train_cross_entropy"), streamed.Number(draw, "train_cross_entropy"), 1e-4);
        }
    }

    [Fact]
    public void The_exact_variant_makes_no_training_error()
    {
        using ScratchFolder folder = new();
        Assert.Equal(0, Session.Run(
            "iclr19-table2", "--n", "20", "--test", "20", "--variants", "skip-exact", "--activations", "sigmoid", "--seeds", "1",
            "--out", folder.Root).Code);
        MetricsCsv metrics = folder.Metrics();
        Assert.Equal(("0", "", ""), (metrics[0, "train_errors"], metrics[0, "train_cross_entropy"], metrics[0, "epochs"]));
        Assert.InRange(metrics.Number(0, "residual"), 0, 1e-6);
    }

    [Fact]
    public void The_table_shows_mean_deviation_and_number_of_runs_above_the_paper_s_cells()
    {
        MetricsCsv metrics = run.Folder.Metrics();
        MarkdownTable table = MarkdownTable.Parse(run.Folder.Read("table.md"));
        Assert.Equal(["network", "", "sigmoid"], table.Header);
        (double a, double b) = (metrics.Number(1, "test_accuracy"), metrics.Number(2, "test_accuracy"));
        string cell = string.Create(
            CultureInfo.InvariantCulture, $"{(a + b) / 2:F2} ± {Math.Abs(a - b) / Math.Sqrt(2):F2} (2 of 2 runs)");
        Assert.Equal(cell, table[2, "sigmoid"]);
        Assert.EndsWith("(1 of 1 run)", table[0, "sigmoid"]);
        Assert.Equal(["11.35", "98.40 ± 0.07", ""], [table[1, "sigmoid"], table[3, "sigmoid"], table[5, "sigmoid"]]);
        Assert.Equal("paper (N = 55000, 300 epochs)", table[1, ""]);
    }

    [Fact]
    public void A_run_that_lost_its_last_step_goes_on_from_the_checkpoint_to_the_same_result()
    {
        string[] before = Lines();
        string unit = Path.Combine(run.Folder.Run, "units", "cnn13_skip-sgd_sigmoid_seed4");
        File.Delete(Path.Combine(unit, "unit.json"));
        string json = Path.Combine(run.Folder.Run, "run.json");
        File.WriteAllText(json, File.ReadAllText(json).Replace("\"status\": \"done\"", "\"status\": \"interrupted\""));
        Session session = Session.Run("resume", run.Folder.Run);
        Assert.Equal(0, session.Code);
        Assert.Contains("cnn13_skip-sgd_sigmoid_seed4: trained before", session.Errors);
        Assert.Contains("cnn13_skip-sgd_sigmoid_seed3: done before", session.Errors);
        Assert.Equal(before, Lines());
        Assert.Contains("already done", Session.Run(SkipTableRun.Arguments(run.Folder)).Errors);

        // Without peak memory and times, the columns that a resumed unit measures anew.
        string[] Lines()
        {
            MetricsCsv metrics = run.Folder.Metrics();
            string[] columns = [.. metrics.Columns.Except(["peak_bytes", "train_seconds"])];
            return [.. metrics.Rows.Select((_, r) => string.Join(',', columns.Select(c => metrics[r, c])))];
        }
    }
}
