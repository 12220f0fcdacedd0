using System.Text.Json.Nodes;
using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Nn.Checkpoints;

namespace CudaLandscape.Experiments.Tests.Table2;

/// <summary>Run folders that were harmed, are in use, or hold what belongs elsewhere.</summary>
[Collection("device")]
public sealed class BadCheckpointTests : IClassFixture<BadCheckpointTests.DoneRun>, IDisposable
{
    private readonly ScratchFolder _folder = new(), _other = new();
    private readonly string _row;
    private readonly string _outcome;

    public BadCheckpointTests(DoneRun done)
    {
        done.CopyTo(_folder);
        _outcome = RunOutcome.Of(_folder);
        _row = Path.Combine(_folder.Run, "rows", "variance_t1-1");
    }

    public void Dispose()
    {
        _folder.Dispose();
        _other.Dispose();
    }

    [Fact]
    public void Trained_but_without_ranks_it_goes_straight_to_them()
    {
        JsonObject row = JsonNode.Parse(File.ReadAllText(Path.Combine(_row, "row.json")))!.AsObject();
        row["Ranks"] = new JsonObject();
        File.WriteAllText(Path.Combine(_row, "row.json"), row.ToJsonString());
        SetStatus("interrupted");
        DateTime trained = File.GetLastWriteTimeUtc(Path.Combine(_row, "last.safetensors"));
        Session session = Session.Run("resume", _folder.Run);
        Assert.Equal(0, session.Code);
        Assert.Contains("T1 = 1: trained before", session.Errors);
        Assert.DoesNotContain("train errors", session.Errors);
        Assert.Equal(trained, File.GetLastWriteTimeUtc(Path.Combine(_row, "last.safetensors")));
        Assert.Equal(_outcome, RunOutcome.Of(_folder));
    }

    [Fact]
    public void A_damaged_checkpoint_is_named_and_the_one_before_it_leads_to_the_same_bits()
    {
        Forget();
        byte[] bytes = File.ReadAllBytes(Path.Combine(_row, "last.safetensors"));
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(Path.Combine(_row, "last.safetensors"), bytes);
        Session session = Session.Run("resume", _folder.Run);
        Assert.Equal(0, session.Code);
        Assert.Contains($"warning: {Path.Combine(_row, "last.safetensors")}, offset ", session.Errors);
        Assert.Contains("the content was changed after it was written", session.Errors);
        Assert.Contains("The checkpoint before it is used: epoch 1, sample 0", session.Errors);
        Assert.Equal(_outcome, RunOutcome.Of(_folder));
    }

    [Fact]
    public void Without_a_good_checkpoint_it_stops_with_3()
    {
        Forget();
        foreach (string name in (string[])["last", "prev"]) File.WriteAllText(Path.Combine(_row, $"{name}.safetensors"), "damaged");
        Session session = Session.Run("resume", _folder.Run);
        Assert.Equal((int)ExitCode.Data, session.Code);
        Assert.Contains("safetensors: ", session.Errors);
        Assert.Equal("failed", (string?)_folder.RunJson()["status"]);
    }

    [Theory]
    [InlineData("1", "0.5", "its lr differs. Got 0.5; expected 0.003")]
    [InlineData("2", "3e-3", "its network differs")]
    public void A_checkpoint_of_another_run_is_refused_with_3_and_the_difference(string t1, string rate, string difference)
    {
        Assert.Equal(0, Session.Run("table2", "--n", "40", "--epochs", "4", "--features", "f64", "--t1", t1, "--lr", rate, "--out", _other.Root).Code);
        Forget();
        string theirs = Assert.Single(Directory.GetDirectories(Path.Combine(_other.Run, "rows")));
        File.Copy(Path.Combine(theirs, "last.safetensors"), Path.Combine(_row, "last.safetensors"), overwrite: true);
        Session session = Session.Run("resume", _folder.Run);
        Assert.Equal((int)ExitCode.Data, session.Code);
        Assert.Contains(difference, session.Errors);
    }

    [Fact]
    public void A_second_process_on_the_folder_is_refused_with_2()
    {
        SetStatus("running");
        using RunFolder held = RunFolder.Open(_folder.Run);
        foreach (string[] arguments in (string[][])[["resume", _folder.Run], Arguments(_folder)])
        {
            Session second = Session.Run(arguments);
            Assert.Equal((int)ExitCode.Usage, second.Code);
            Assert.Contains("another process is at work on it", second.Errors);
            Assert.Contains(_folder.Run, second.Errors);
        }
    }

    [Fact]
    public void A_folder_that_is_no_run_or_of_other_images_is_refused()
    {
        Assert.Equal((int)ExitCode.Data, Session.Run("resume", Path.Combine(_folder.Root, "none")).Code);
        SetStatus("failed", json => json["data"]!["train_sha256"] = "other");
        Session session = Session.Run("resume", _folder.Run);
        Assert.Equal((int)ExitCode.Usage, session.Code);
        Assert.Contains("begun with other images", session.Errors);
        SetStatus("failed", json => json["settings"]!["lr"] = 7);
        Assert.Contains("its setting 'lr' was 7 and is 0.003", Session.Run("resume", _folder.Run).Errors);
        File.WriteAllText(Path.Combine(_folder.Run, "run.json"), "{");
        Assert.Equal((int)ExitCode.Data, Session.Run("resume", _folder.Run).Code);
    }

    // As a later version may have left it: nothing is measured again, nothing overwritten.
    [Fact]
    public void A_run_of_a_newer_version_is_refused_by_its_name_and_left_as_it_is()
    {
        SetStatus("interrupted", json => (json["format"], json["version"]) = (RunRecord.Format + 1, "9.8.7"));
        string before = _folder.Read("run.json"), row = File.ReadAllText(Path.Combine(_row, "row.json"));
        foreach (string[] arguments in (string[][])[["resume", _folder.Run], ["verify-rank", _folder.Run], ["collect", _folder.Run]])
        {
            Session session = Session.Run(arguments);
            Assert.Equal((int)ExitCode.Data, session.Code);
            Assert.Contains($"a newer program, version 9.8.7 at commit ", session.Errors);
            Assert.Contains($"Got format {RunRecord.Format + 1}; expected format {RunRecord.Format} or less", session.Errors);
        }

        Assert.Equal((before, row), (_folder.Read("run.json"), File.ReadAllText(Path.Combine(_row, "row.json"))));
    }

    [Theory]
    [InlineData("\"two\"")]
    [InlineData("0")]
    public void A_format_that_is_no_number_is_damage(string format)
    {
        SetStatus("interrupted", json => json["format"] = JsonNode.Parse(format));
        Session session = Session.Run("resume", _folder.Run);
        Assert.Equal((int)ExitCode.Data, session.Code);
        Assert.Contains("the field 'format' is missing or of another kind", session.Errors);
    }

    // Runs from before there was a number go on, and have one from then on.
    [Fact]
    public void A_run_without_a_format_goes_on()
    {
        SetStatus("interrupted", json => json.AsObject().Remove("format"));
        Assert.Equal(0, Session.Run("resume", _folder.Run).Code);
        Assert.Equal(RunRecord.Format, (int)_folder.RunJson()["format"]!);
        Assert.False(string.IsNullOrEmpty((string?)_folder.RunJson()["resumed"]![0]!["version"]));
    }

    [Fact]
    public void A_checkpoint_of_a_newer_version_is_refused_and_not_replaced_by_the_one_before_it()
    {
        Forget();
        string path = Path.Combine(_row, "last.safetensors");
        SafetensorsFile file = SafetensorsReader.Read(path);
        using (FileStream stream = File.Create(path))
            SafetensorsWriter.Write(stream, file with { Metadata = new Dictionary<string, string>(file.Metadata) { ["format"] = "cudalandscape.checkpoint/2" } }, seal: true);
        byte[] before = File.ReadAllBytes(path);
        Session session = Session.Run("resume", _folder.Run);
        Assert.Equal((int)ExitCode.Usage, session.Code);
        Assert.Contains("the form cudalandscape.checkpoint/2, this version knows cudalandscape.checkpoint/1", session.Errors);
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Fact]
    public void Missing_rows_of_the_losses_are_an_error_that_names_the_file()
    {
        Forget();
        File.WriteAllText(Path.Combine(_row, "epochs.csv"), "epoch,loss,seconds\n");
        Session session = Session.Run("resume", _folder.Run);
        Assert.Equal((int)ExitCode.Usage, session.Code);
        Assert.Contains($"{Path.Combine(_row, "epochs.csv")} has 19 bytes", session.Errors);
    }

    private static string[] Arguments(ScratchFolder folder) =>
        ["table2", "--n", "40", "--epochs", "4", "--features", "f64", "--t1", "1", "--out", folder.Root];

    // As if the run had been stopped before anything was measured with the trained network.
    private void Forget()
    {
        File.Delete(Path.Combine(_row, "row.json"));
        SetStatus("interrupted");
    }

    private void SetStatus(string status, Action<JsonNode>? change = null)
    {
        JsonNode json = _folder.RunJson();
        json["status"] = status;
        change?.Invoke(json);
        File.WriteAllText(Path.Combine(_folder.Run, "run.json"), json.ToJsonString());
    }

    /// <summary>A run that every test gets a copy of.</summary>
    public sealed class DoneRun : IDisposable
    {
        private readonly ScratchFolder _folder = new();

        public DoneRun() => Assert.Equal(0, Session.Run(Arguments(_folder)).Code);

        public void CopyTo(ScratchFolder target) => _folder.CopyTo(target);

        public void Dispose() => _folder.Dispose();
    }
}
