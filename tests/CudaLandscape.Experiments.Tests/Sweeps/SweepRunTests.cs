using System.Text.Json.Nodes;
using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Runs;

namespace CudaLandscape.Experiments.Tests.Sweeps;

/// <summary>Units done one by one, and the tables made of what there is.</summary>
[Collection("device")]
public sealed class SweepRunTests : IClassFixture<SweepRunTests.DoneSweep>, IDisposable
{
    private const string Plain = "cnn13_plain_sigmoid_seed3", Rand = "cnn13_skip-rand_sigmoid_seed3";
    private static readonly string[] s_options =
        ["--n", "20", "--test", "30", "--batch", "8", "--activations", "sigmoid", "--variants", "plain,skip-rand", "--seeds", "3"];

    private readonly ScratchFolder _folder = new();

    public SweepRunTests(DoneSweep done)
    {
        done.Folder.CopyTo(_folder);
        Whole = done.Whole;
    }

    private ScratchFolder Whole { get; }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_tables_of_all_units_are_those_of_one_run_that_does_them_all()
    {
        Session session = Sweep("collect");
        Assert.Equal(0, session.Code);
        Assert.Contains("iclr19-table1: 2 of 2 units done", session.Errors);
        Assert.Equal(Whole.Read("table.md"), Table());
        Assert.Equal(Values(Whole.Metrics()), Values(MetricsCsv.Parse(File.ReadAllText(Path.Combine(_folder.Root, "iclr19-table1", "table.csv")))));

        // Without peak memory, which depends on what was done before, and times.
        static string[] Values(MetricsCsv csv) =>
            [.. csv.Rows.Select((_, r) => string.Join(',', csv.Columns.Except(["peak_bytes", "train_seconds"]).Select(c => csv[r, c])))];
    }

    [Fact]
    public void A_unit_that_is_done_says_so_and_is_left_alone()
    {
        DateTime before = Directory.GetFiles(UnitRun(Rand), "*", SearchOption.AllDirectories).Max(File.GetLastWriteTimeUtc);
        Session session = Sweep("one", "--index", "1");
        Assert.Equal(0, session.Code);
        Assert.Contains($"unit 1, {Rand}: already done in {UnitRun(Rand)}", session.Errors);
        Assert.Equal(before, Directory.GetFiles(UnitRun(Rand), "*", SearchOption.AllDirectories).Max(File.GetLastWriteTimeUtc));
    }

    [Fact]
    public void Missing_failed_and_stopped_units_are_listed_and_the_rest_is_shown()
    {
        Directory.Delete(UnitRun(Plain), recursive: true);
        Assert.Equal(0, Sweep("collect").Code);
        Assert.Equal(["not finished (0 of 1 run)", "11.35", "10.00 (1 of 1 run)", ""], MarkdownTable.Parse(Table()).Rows.Select(r => r[2]));
        Assert.Contains($"\n{Plain}: not begun\n", Table());
        Directory.CreateDirectory(UnitRun(Plain)); // as a process leaves it that ends before it has written anything
        Edit(Rand, json => (json["status"], json["reason"]) = ("interrupted", "SIGUSR1"));
        File.Delete(Path.Combine(UnitRun(Rand), "units", Rand, "unit.json"));
        Assert.Equal(0, Sweep("collect").Code);
        Assert.Contains($"\n{Plain}: not begun\n", Table());
        Assert.Contains($"\n{Rand}: not finished; the run in {UnitRun(Rand)} is interrupted: SIGUSR1\n", Table());
        Assert.Equal(0, Sweep("one", "--index", "0").Code);
        Assert.Contains($"{Rand}: trained before", SweepOk("one", "--index", "1").Errors);
        Assert.Equal(0, Sweep("collect").Code);
        Assert.Equal(Whole.Read("table.md"), Table());
    }

    [Fact]
    public void Units_of_several_commits_are_refused_with_2_and_both_named()
    {
        Edit(Rand, json => json["commit"] = "c0ffee");
        Session session = Sweep("collect");
        Assert.Equal((int)ExitCode.Usage, session.Code);
        Assert.Contains("The runs are of 2 commits", session.Errors);
        Assert.Contains($"{BuildInfo.Commit} worked on 1, such as {UnitRun(Plain)}; c0ffee worked on 1, such as {UnitRun(Rand)}", session.Errors);
        Edit(Rand, json => (json["commit"], json["resumed"]) = (BuildInfo.Commit, new JsonArray(new JsonObject { ["commit"] = "decade" })));
        Assert.Contains($"decade worked on 1, such as {UnitRun(Rand)}", Sweep("collect").Errors);
    }

    [Fact]
    public void A_second_process_on_a_unit_is_refused_and_another_unit_is_not()
    {
        Edit(Rand, json => json["status"] = "running");
        using RunFolder held = RunFolder.Open(UnitRun(Rand));
        Session second = Sweep("one", "--index", "1");
        Assert.Equal((int)ExitCode.Usage, second.Code);
        Assert.Contains($"{UnitRun(Rand)} cannot be used: another process is at work on it", second.Errors);
        Assert.Equal(0, Sweep("one", "--index", "0").Code);
    }

    [Fact]
    public void A_checkpoint_or_a_folder_of_another_unit_is_refused()
    {
        string theirs = Path.Combine(UnitRun(Plain), "units", Plain, "last.safetensors");
        File.Copy(theirs, Path.Combine(UnitRun(Rand), "units", Rand, "last.safetensors"), overwrite: true);
        File.Delete(Path.Combine(UnitRun(Rand), "units", Rand, "unit.json"));
        Edit(Rand, json => json["status"] = "interrupted");
        Session session = Sweep("one", "--index", "1");
        Assert.Equal((int)ExitCode.Data, session.Code);
        Assert.Contains("the checkpoint is of another training: its unit differs", session.Errors);
        Assert.Equal(0, Sweep("collect").Code);
        Assert.Contains($"{Rand}: not finished; the run in {UnitRun(Rand)} is failed: ", Table());
        Edit(Rand, json => json["settings"]!["batch"] = 9);
        Assert.Contains("its setting 'batch' was 9 and is 8", Sweep("one", "--index", "1").Errors);
    }

    [Fact]
    public void Collect_makes_one_table_of_several_runs_and_refuses_a_unit_in_two()
    {
        string made = Path.Combine(_folder.Root, "made");
        Assert.Equal(0, Session.Run("collect", UnitRun(Plain), UnitRun(Rand), "--out", made).Code);
        Assert.Equal(Whole.Read("table.md"), File.ReadAllText(Path.Combine(made, "table.md")));
        Session twice = Session.Run("collect", Whole.Run, UnitRun(Rand));
        Assert.Equal((int)ExitCode.Usage, twice.Code);
        Assert.Contains($"{Rand} is in {Whole.Run} and in {UnitRun(Rand)}; leave one out.", twice.Errors);
        Edit(Rand, json => json["data"]!["train_sha256"] = "other");
        Assert.Contains("The runs differ in their data: ", Session.Run("collect", UnitRun(Plain), UnitRun(Rand)).Errors);
    }

    [Fact]
    public void A_job_array_has_the_units_that_are_not_done()
    {
        Session none = Sweep("slurm");
        Assert.Equal((int)ExitCode.Usage, none.Code);
        Assert.Contains("All 2 units of ", none.Errors);
        Edit(Rand, json => json["status"] = "failed");
        Assert.Equal(0, Sweep("slurm").Code);
        Assert.Contains("#SBATCH --array=1\n", File.ReadAllText(Path.Combine(_folder.Root, "sweep.sbatch")));
    }

    private Session Sweep(string verb, params string[] more) => Session.Run(["sweep", verb, "--plan", _folder.Root, .. more]);

    private Session SweepOk(string verb, params string[] more)
    {
        Session session = Sweep(verb, more);
        Assert.Equal(0, session.Code);
        return session;
    }

    private string UnitRun(string unit) => Path.Combine(_folder.Root, "runs", unit);

    private string Table() => File.ReadAllText(Path.Combine(_folder.Root, "iclr19-table1", "table.md"));

    private void Edit(string unit, Action<JsonNode> change)
    {
        string path = Path.Combine(UnitRun(unit), "run.json");
        JsonNode json = JsonNode.Parse(File.ReadAllText(path))!;
        change(json);
        File.WriteAllText(path, json.ToJsonString());
    }

    /// <summary>A sweep of two units, both done, and the same two in one run.</summary>
    public sealed class DoneSweep : IDisposable
    {
        public DoneSweep()
        {
            Assert.Equal(0, Session.Run(["sweep", "plan", "--out", Folder.Root, "--nets", "cnn13", .. s_options]).Code);
            foreach (string index in (string[])["1", "0"])
                Assert.Equal(0, Session.Run("sweep", "one", "--plan", Folder.Root, "--index", index).Code);
            Assert.Equal(0, Session.Run(["iclr19-table1", .. s_options, "--out", Whole.Root]).Code);
        }

        public ScratchFolder Folder { get; } = new();

        public ScratchFolder Whole { get; } = new();

        public void Dispose()
        {
            Folder.Dispose();
            Whole.Dispose();
        }
    }
}
