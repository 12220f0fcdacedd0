using System.Text.Json.Nodes;
using CudaLandscape.Experiments.Cli;

namespace CudaLandscape.Experiments.Tests.Table2;

/// <summary>One table from several runs, and the refusal of runs that do not belong together.</summary>
[Collection("device")]
public sealed class CollectTests(CollectTests.Runs runs) : IClassFixture<CollectTests.Runs>, IDisposable
{
    private readonly ScratchFolder _out = new();

    public void Dispose() => _out.Dispose();

    [Fact]
    public void Rows_of_several_runs_are_one_table_beside_the_paper_s_numbers()
    {
        Assert.Equal(0, Session.Run("collect", runs.Ten.Run, runs.One.Run, "--out", _out.Root).Code);
        MetricsCsv csv = MetricsCsv.Parse(File.ReadAllText(Path.Combine(_out.Root, "table.csv")));
        Assert.Equal(["1", "10"], csv.Rows.Select(r => r[0]));
        MetricsCsv one = runs.One.Metrics(), ten = runs.Ten.Metrics();
        foreach (string column in csv.Columns) Assert.Equal((one[0, column], ten[0, column]), (csv[0, column], csv[1, column]));
        MarkdownTable table = MarkdownTable.Parse(File.ReadAllText(Path.Combine(_out.Root, "table.md")));
        Assert.Equal(["1", "10", ""], table.Rows.Select(r => r[0]));
        Assert.Equal(("paper (N = 60000)", "6760"), (table[2, ""], table[2, "rank F1"]));
    }

    [Fact]
    public void A_row_that_is_not_there_yet_is_shown_as_such()
    {
        JsonNode json = runs.One.RunJson();
        json["arguments"]!.AsArray()[3] = "1,3";
        string folder = Directory.CreateDirectory(Path.Combine(_out.Root, "run")).FullName;
        json["status"] = "running";
        File.WriteAllText(Path.Combine(folder, "run.json"), json.ToJsonString());
        Assert.Equal(0, Session.Run("collect", folder, "--out", _out.Root).Code);
        string table = File.ReadAllText(Path.Combine(_out.Root, "table.md"));
        Assert.Equal(2, MarkdownTable.Parse(table).Rows.Count(r => r[3] == "not computed"));
        Assert.Contains($"T1 = 3: not finished; the run in {folder} is running", table);
    }

    [Theory]
    [InlineData("settings.lr", "differ in their setting 'lr': 0.003 in ")]
    [InlineData("commit", "are of 2 commits")]
    [InlineData("data.train_sha256", "differ in their data: ")]
    [InlineData("experiment", "differ in their experiment: ")]
    [InlineData("resumed", "are of 2 commits")]
    public void Runs_that_differ_are_refused_with_2_and_the_difference(string field, string difference)
    {
        JsonNode json = runs.Ten.RunJson();
        if (field == "resumed") json["resumed"] = new JsonArray(new JsonObject { ["commit"] = "other" });
        else if (field.Split('.') is [var group, var name]) json[group]![name] = "other";
        else json[field] = "other";
        string folder = Directory.CreateDirectory(Path.Combine(_out.Root, "run")).FullName;
        File.WriteAllText(Path.Combine(folder, "run.json"), json.ToJsonString());
        Session session = Session.Run("collect", runs.One.Run, folder);
        Assert.Equal((int)ExitCode.Usage, session.Code);
        Assert.Contains(difference, session.Errors);
        Assert.Contains(folder, session.Errors);
    }

    [Fact]
    public void A_row_in_two_runs_is_refused()
    {
        Session session = Session.Run("collect", runs.One.Run, runs.One.Run);
        Assert.Equal((int)ExitCode.Usage, session.Code);
        Assert.Contains("T1 = 1 with noise variance is in ", session.Errors);
    }

    [Fact]
    public void No_run_or_no_run_folder_is_refused()
    {
        Assert.Equal((int)ExitCode.Usage, Session.Run("collect").Code);
        Assert.Equal((int)ExitCode.Data, Session.Run("collect", _out.Root).Code);
    }

    /// <summary>Two runs of one experiment, T1 = 1 and T1 = 10.</summary>
    public sealed class Runs : IDisposable
    {
        public Runs()
        {
            foreach ((ScratchFolder folder, string t1) in (IEnumerable<(ScratchFolder, string)>)[(One, "1"), (Ten, "10")])
                Assert.Equal(0, Session.Run("table2", "--n", "20", "--t1", t1, "--epochs", "1", "--features", "f64", "--out", folder.Root).Code);
        }

        public ScratchFolder One { get; } = new();

        public ScratchFolder Ten { get; } = new();

        public void Dispose()
        {
            One.Dispose();
            Ten.Dispose();
        }
    }
}
