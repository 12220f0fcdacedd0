using System.Text.Json.Nodes;
using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Runs;

namespace CudaLandscape.Experiments.Tests.Runs;

/// <summary>Which run the same command goes on with, and what it says of one that another commit began.</summary>
[Collection("device")]
public sealed class RunSearchTests : IDisposable
{
    private const string Other = "0123456";
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("interrupted")]
    [InlineData("failed")]
    [InlineData("running")]
    public void A_stopped_run_of_another_commit_is_named_with_the_command_that_goes_on_with_it(string status)
    {
        string former = Begin(status, Other);
        Session session = Start();
        Assert.Equal(0, session.Code);
        // A folder of the same second has the same name and a number.
        string line = Assert.Single(session.Errors.Split('\n'), l => l.StartsWith($"{former} is ", StringComparison.Ordinal));
        Assert.Contains($"an unfinished run of these settings by commit {Other}; this is {BuildInfo.Commit}, so another run begins.", line);
        Assert.Contains(ProgramName.Command("resume", former), line);
        Assert.Equal(2, Directory.GetDirectories(_folder.Root).Length);
    }

    [Fact]
    public void A_finished_run_of_another_commit_is_named()
    {
        string former = Begin("done", Other);
        Session session = Start();
        Assert.Contains($"{former} is a finished run of these settings by commit {Other}", session.Errors);
        Assert.DoesNotContain("resume", session.Errors);
    }

    [Fact]
    public void A_stopped_run_of_the_same_command_that_stood_for_other_settings_is_named_and_not_resumed()
    {
        Start();
        string former = Assert.Single(Directory.GetDirectories(_folder.Root));
        Change(former, run => (run["status"], run["commit"], run["settings_sha256"]) = ("interrupted", Other, "00"));
        Session session = Start();
        Assert.Contains($"{former} is an unfinished run of this command line, which stood for other settings, by commit {Other}", session.Errors);
        Assert.DoesNotContain("resume", session.Errors);
        Assert.Equal(2, Directory.GetDirectories(_folder.Root).Length);
    }

    [Fact]
    public void A_stopped_run_of_this_commit_is_gone_on_with_whatever_others_there_are()
    {
        string mine = Begin("interrupted", BuildInfo.Commit);
        Rename(Begin("interrupted", Other), "9999-newer");
        Session session = Start();
        Assert.Contains($"going on with the run {mine}", session.Errors);
        Assert.DoesNotContain(Other, session.Errors);
    }

    [Fact]
    public void Runs_of_other_settings_images_or_devices_are_left_alone()
    {
        Change(Begin("interrupted", Other), run => run["settings_sha256"] = "00");
        Change(Begin("interrupted", Other), run => run["data"]!["train_sha256"] = "00");
        Change(Begin("interrupted", Other), run => run["device"]!["id"] = "soft:5");
        Change(Begin("interrupted", Other), run => run["experiment"] = "sigma-truth");
        Session session = Start();
        Assert.Equal(0, session.Code);
        Assert.DoesNotContain(Other, session.Errors);
        Assert.Equal(5, Directory.GetDirectories(_folder.Root).Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"status\":")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("status", "5")]
    [InlineData("arguments", "[1, null]")]
    [InlineData("arguments", "null")]
    [InlineData("settings", "\"none\"")]
    [InlineData("data", "\"none\"")]
    [InlineData("data", "{\"train_sha256\": 1}")]
    [InlineData("device", "[]")]
    [InlineData("commit", "{}")]
    [InlineData("resumed", "{}")]
    [InlineData("resumed", "[{\"commit\": 1}]")]
    [InlineData("format", "99")]
    public void Runs_that_cannot_be_read_are_said_once_each_and_left_out(string text, string? value = null)
    {
        string[] former = [Begin("interrupted", BuildInfo.Commit), Begin("interrupted", BuildInfo.Commit)];
        foreach (string folder in former)
        {
            if (value is null) File.WriteAllText(Path.Combine(folder, "run.json"), text);
            else Change(folder, run => run[text] = JsonNode.Parse(value));
        }

        Session session = Start();
        Assert.Equal(0, session.Code);
        foreach (string folder in former)
        {
            string start = $"warning: {Path.Combine(folder, "run.json")}: ";
            string line = Assert.Single(session.Errors.Split('\n'), l => l.StartsWith(start, StringComparison.Ordinal));
            Assert.Contains("left out of the search for one to go on with; move its folder away", line);
        }

        Assert.Equal(3, Directory.GetDirectories(_folder.Root).Length);
    }

    [Fact]
    public void A_folder_without_a_run_is_passed_over()
    {
        string other = Directory.CreateDirectory(Path.Combine(_folder.Root, "other")).FullName;
        Assert.DoesNotContain(other, Start().Errors);
    }

    private Session Start(params string[] more) =>
        Session.Run(["table2", "--n", "20", "--t1", "1", "--epochs", "0", "--features", "f64", "--out", _folder.Root, .. more]);

    // A run that its run.json says was left so, by that commit.
    private string Begin(string status, string commit)
    {
        string[] before = Directory.GetDirectories(_folder.Root);
        Assert.Equal(0, Start("--new").Code);
        string folder = Assert.Single(Directory.GetDirectories(_folder.Root).Except(before));
        Change(folder, run => (run["status"], run["commit"]) = (status, commit));
        return folder;
    }

    private static void Change(string folder, Action<JsonNode> change)
    {
        string path = Path.Combine(folder, "run.json");
        JsonNode run = JsonNode.Parse(File.ReadAllText(path))!;
        change(run);
        File.WriteAllText(path, run.ToJsonString());
    }

    private void Rename(string folder, string name) => Directory.Move(folder, Path.Combine(_folder.Root, name));
}
