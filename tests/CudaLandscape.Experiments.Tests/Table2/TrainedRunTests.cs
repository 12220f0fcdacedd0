using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace CudaLandscape.Experiments.Tests.Table2;

[Collection("device")]
public sealed class TrainedRunTests(TrainedRun run) : IClassFixture<TrainedRun>
{
    private static readonly string[] s_matrices = ["f1_f64", "f3_f64", "f1_f32", "f3_f32"];

    [Fact]
    public void It_succeeds_and_releases_every_native_object() => Assert.Equal((0, 0), (run.Code, run.HandlesLeft));

    [Fact]
    public void Its_folder_holds_the_results_and_what_it_kept_of_every_row()
    {
        Assert.Matches(@"^\d{4}-\d\d-\d\d_\d{6}_table2_[0-9a-f]{8}$", Path.GetFileName(run.Folder.Run));
        string[] files = [.. Directory.GetFiles(run.Folder.Run).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];
        Assert.Equal(["lock", "log.txt", "metrics.csv", "run.json", "table.md"], files);
        string[] rows = [.. Directory.GetDirectories(Path.Combine(run.Folder.Run, "rows")).Order(StringComparer.Ordinal)];
        Assert.Equal(["sd_t1-1", "variance_t1-1"], rows.Select(r => Path.GetFileName(r)!));
        foreach (string row in rows)
        {
            files = [.. Directory.GetFiles(row).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];
            Assert.Equal(
                ["epochs.csv", .. s_matrices.Select(m => $"{m}_v_min.safetensors").Order(StringComparer.Ordinal), "last.safetensors", "prev.safetensors", "row.json"],
                files);
        }
    }

    [Fact]
    public void Its_figures_show_the_losses_of_both_readings_and_the_singular_values()
    {
        XNamespace svg = "http://www.w3.org/2000/svg";
        string[] Names(string name) => [.. XDocument.Parse(run.Folder.Read($"figures/{name}.svg")).Descendants(svg + "g")
            .Single(g => (string?)g.Attribute("class") == "legend").Elements(svg + "text").Select(t => t.Value)];
        Assert.Equal(["T1 = 1, noise variance", "T1 = 1, noise sd"], Names("loss"));
        string[] ours = [.. ((string[])["64", "32"]).SelectMany(t => ((string[])["variance", "sd"]).Select(n => $"ours, float{t}, noise {n}"))];
        Assert.Equal(ours, Names("sigma-min-f1"));
        Assert.All(Names("sigma-min-f3"), name => Assert.Contains(name, ours));
    }

    [Fact]
    public void Run_json_says_done_and_names_settings_data_and_device()
    {
        JsonNode json = run.Folder.RunJson(), settings = json["settings"]!;
        Assert.Equal(("table2", "done"), ((string?)json["experiment"], (string?)json["status"]));
        Assert.Null(json["reason"]);
        Assert.True(Time(json["ended"]) > Time(json["started"]));
        Assert.Equal((200, 2, 128, 3), ((int)settings["n"]!, (int)settings["epochs"]!, (int)settings["batch"]!, (int)settings["seed"]!));
        Assert.Equal((3e-3, 1e-4), ((double)settings["lr"]!, (double)settings["decay"]!));
        Assert.Equal("[1]", settings["t1"]!.ToJsonString());
        Assert.Equal("[\"variance\",\"sd\"]", settings["noise"]!.ToJsonString());
        foreach ((string name, string value) in (IEnumerable<(string, string)>)
            [("preset", "quick"), ("features", "both"), ("weights", "trained"), ("bias", "shared"), ("conv2", "2x2"), ("init", "glorot_uniform")])
            Assert.Equal(value, (string?)settings[name]);
        Assert.Matches("^[0-9a-f]{64}$", (string?)json["data"]!["train_sha256"]);
        Assert.Matches("^[0-9a-f]{64}$", (string?)json["data"]!["test_sha256"]);
        Assert.Contains("200 images", (string?)json["data"]!["description"]);
        Assert.Matches("^(soft|cuda):0$", (string?)json["device"]!["id"]);
        Assert.Matches("^[0-9a-f]{64}$", (string?)json["device"]!["kernels_sha256"]);
        Assert.Equal("float32", (string?)json["device"]!["float32_products"]);
        foreach (string name in (string[])["version", "commit", "host"]) Assert.False(string.IsNullOrEmpty((string?)json[name]));
    }

    [Fact]
    public void The_title_names_the_options_that_override_the_preset() =>
        Assert.Contains("(quick but for --t1, --n, --epochs)", run.Folder.Read("table.md"), StringComparison.Ordinal);

    [Fact]
    public void Metrics_have_a_row_per_reading_of_the_noise()
    {
        MetricsCsv metrics = run.Folder.Metrics();
        Assert.Equal(["variance", "sd"], [metrics[0, "noise"], metrics[1, "noise"]]);
        Assert.Equal([Math.Sqrt(1e-5), 1e-5], [metrics.Number(0, "noise_sd"), metrics.Number(1, "noise_sd")]);
        Assert.Equal(2, metrics.Rows.Length);
        for (int row = 0; row < 2; row++)
        {
            Assert.Equal(("trained", "", ""), (metrics[row, "weights"], metrics[row, "problem"], metrics[row, "paper_rank_f1"]));
            Assert.Equal((1, 200, 2), (metrics.Number(row, "t1"), metrics.Number(row, "n"), metrics.Number(row, "epochs")));
            Assert.Equal(9 + 1 + 80 + 20 + 72_000 + 100 + 1_000 + 10, metrics.Number(row, "parameters"));
            Assert.Equal(metrics.Number(row, "loss") * 200 * 10 / 2, metrics.Number(row, "half_sum"), 1e-12 * metrics.Number(row, "half_sum"));
            Assert.InRange(metrics.Number(row, "loss"), 1e-3, 0.4);
            Assert.InRange(metrics.Number(row, "train_errors"), 0, 200);
            Assert.InRange(metrics.Number(row, "test_errors"), 201, 10_000);
            Assert.True(metrics.Number(row, "train_seconds") > 0 && metrics.Number(row, "rank_seconds") > 0);
        }

        Assert.NotEqual(metrics[0, "loss"], metrics[1, "loss"]);
    }

    [Fact]
    public void Every_matrix_has_its_sizes_rank_and_the_threshold_of_the_formula()
    {
        MetricsCsv metrics = run.Folder.Metrics();
        foreach (string m in s_matrices)
        {
            for (int row = 0; row < 2; row++)
            {
                int width = m.StartsWith("f1") ? 676 : 2880;
                Assert.Equal((200, width), (metrics.Number(row, $"rows_{m}"), metrics.Number(row, $"columns_{m}")));
                double largest = metrics.Number(row, $"sigma_max_{m}"), threshold = 0.5 * Math.Sqrt(200 + width + 1) * largest * Math.Pow(2, -52);
                Assert.Equal(threshold, metrics.Number(row, $"threshold_{m}"), 1e-12 * threshold);
                Assert.Equal(10 * largest * Math.Pow(2, -52), metrics.Number(row, $"eta_{m}"), 1e-12 * threshold);
                Assert.True(metrics.Number(row, $"rank_low_{m}") <= metrics.Number(row, $"rank_{m}"));
                Assert.InRange(metrics.Number(row, $"rank_{m}"), 150, metrics.Number(row, $"rank_high_{m}"));
                Assert.InRange(metrics.Number(row, $"sigma_min_{m}"), 0, largest / 100);
                Assert.Equal(("SingularValuesOfR", ""), (metrics[row, $"method_{m}"], metrics[row, $"lower_bound_{m}"]));
                Assert.True(metrics.Number(row, $"upper_bound_{m}") >= metrics.Number(row, $"sigma_min_{m}") * (1 - 1e-9));
                Assert.True(metrics.Number(row, $"rank_at_hundred_{m}") <= metrics.Number(row, $"rank_at_ten_{m}"));
                Assert.InRange(metrics.Number(row, $"rank_at_tenth_{m}"), metrics.Number(row, $"rank_{m}"), 200);
                Assert.InRange(metrics.Number(row, $"qr_deviation_{m}"), 0, 10);
            }
        }
    }

    [Fact]
    public void Float32_and_float64_features_are_of_one_network()
    {
        MetricsCsv metrics = run.Folder.Metrics();
        foreach (string layer in (string[])["f1", "f3"])
        {
            double exact = metrics.Number(0, $"sigma_max_{layer}_f64");
            Assert.Equal(exact, metrics.Number(0, $"sigma_max_{layer}_f32"), 1e-5 * exact);
            Assert.NotEqual(metrics[0, $"sigma_min_{layer}_f64"], metrics[0, $"sigma_min_{layer}_f32"]);
        }
    }

    [Fact]
    public void The_table_has_a_line_per_row_and_precision_and_names_the_open_choices()
    {
        string text = run.Folder.Read("table.md");
        MarkdownTable table = MarkdownTable.Parse(text);
        MetricsCsv metrics = run.Folder.Metrics();
        Assert.Equal(["1", "", "1", ""], table.Rows.Select(r => r[0]));
        Assert.Equal(["noise variance", "noise-limited", "noise sd", "noise-limited"], table.Rows.Select(r => r[1].Split(", ")[^1]));
        for (int row = 0; row < 4; row++)
        {
            string type = row % 2 == 0 ? "f64" : "f32";
            Assert.Equal(("200x676", metrics[row / 2, $"rank_f1_{type}"]), (table[row, "F1"], table[row, "rank F1"].Split(' ')[0]));
            foreach (string layer in (string[])["f1", "f3"])
            {
                double sigma = metrics.Number(row / 2, $"sigma_min_{layer}_{type}");
                Assert.Equal(sigma, table.Number(row, $"σ_min {layer.ToUpperInvariant()}"), 0.051 * Math.Pow(10, Math.Floor(Math.Log10(sigma))));
            }
        }

        Assert.Equal((metrics[0, "train_errors"], metrics[1, "test_errors"]), (table[0, "train err"], table[2, "test err"]));
        foreach (string part in (string[])["N = 200", "2 epochs", "noise sd 0.00316 and 1E-05", "second convolution 2x2", "bias shared", "seed 3"])
            Assert.Contains(part, text);
    }

    [Fact]
    public void The_same_command_gives_the_same_metrics_but_for_the_times()
    {
        using ScratchFolder second = new();
        Assert.Equal(0, Session.Run(TrainedRun.Arguments(second)).Code);
        Assert.Equal(WithoutTimes(run.Folder.Metrics()), WithoutTimes(second.Metrics()));
        Assert.Equal((string?)run.Folder.RunJson()["settings_sha256"], (string?)second.RunJson()["settings_sha256"]);
    }

    private static DateTime Time(JsonNode? node) => DateTime.Parse((string)node!, CultureInfo.InvariantCulture);

    private static IEnumerable<string> WithoutTimes(MetricsCsv metrics) =>
        from row in Enumerable.Range(0, metrics.Rows.Length)
        from column in metrics.Columns
        where !column.EndsWith("_seconds")
        select $"{column} {metrics[row, column]}";
}
