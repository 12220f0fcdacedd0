using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CudaLandscape.Experiments.Cli;

namespace CudaLandscape.Experiments.Tests.Table2;

/// <summary>A run that is to measure more: it keeps what it has, and ends as one that was to measure all from the beginning.</summary>
[Collection("device")]
public sealed class ExtendedRunTests : IDisposable
{
    private readonly ScratchFolder _folder = new(), _whole = new();

    public void Dispose()
    {
        _folder.Dispose();
        _whole.Dispose();
    }

    [Fact]
    public void With_other_rows_noise_and_features_it_trains_and_factors_only_what_is_missing()
    {
        Assert.Equal(0, Session.Run([.. Arguments(_folder), "--t1", "1", "--epochs", "1", "--features", "f64"]).Code);
        string row = _folder.Read("rows/variance_t1-1/row.json");
        Session extended = Session.Run("extend", _folder.Run, "--t1=1,2", "--noise", "both", "--features", "both");
        Assert.Equal(0, extended.Code);
        Assert.Contains("T1 = 1: trained before", extended.Errors);
        // The sentence on memory is said once per factorization: of the noise as sd, not again of the noise as variance.
        Assert.Single(Regex.Matches(extended.Errors, @"T1 = 1: F1 \[60, 676\] Float64: .* of workspace"));
        Assert.Equal(Ranks(row)["f1_f64"]!.ToJsonString(), Ranks(_folder.Read("rows/variance_t1-1/row.json"))["f1_f64"]!.ToJsonString());

        Assert.Equal(0, Session.Run([.. Arguments(_whole), "--epochs", "1", "--t1", "1,2", "--noise", "both", "--features", "both"]).Code);
        Assert.Equal(RunOutcome.Of(_whole), RunOutcome.Of(_folder));
        Assert.Equal((string?)_whole.RunJson()["settings_sha256"], (string?)_folder.RunJson()["settings_sha256"]);
        Assert.Equal("done", (string?)_folder.RunJson()["status"]);
        JsonArray before = _folder.RunJson()["resumed"]![0]!["arguments_before"]!.AsArray();
        Assert.Equal(["--t1", "1", "--epochs", "1", "--features", "f64"], before.TakeLast(6).Select(a => (string?)a));
        Assert.Equal(0, Session.Run("verify-rank", _folder.Run).Code);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("1,2", "--together")]
    public void With_more_epochs_it_trains_on_and_keeps_what_it_measured_after_fewer(string t1, params string[] together)
    {
        Assert.Equal(0, Session.Run([.. Arguments(_folder), "--epochs", "1", "--t1", "1", "--features", "f64", .. together]).Code);
        string row = _folder.Read("rows/variance_t1-1/row.json");
        Session extended = Session.Run("extend", _folder.Run, "--epochs", "3", "--t1", t1);
        Assert.Equal(0, extended.Code);
        if (t1 == "1") Assert.Contains("T1 = 1: going on from a checkpoint: epoch 2", extended.Errors);
        Assert.Equal(row, _folder.Read("rows/variance_t1-1_1-epochs/row.json"));
        Assert.True(File.Exists(Path.Combine(_folder.Run, "rows/variance_t1-1_1-epochs/last.safetensors")));
        Directory.Delete(Path.Combine(_folder.Run, "rows/variance_t1-1_1-epochs"), recursive: true);

        Assert.Equal(0, Session.Run([.. Arguments(_whole), "--t1", t1, "--features", "f64", "--epochs", "3"]).Code);
        Assert.Equal(RunOutcome.Of(_whole), RunOutcome.Of(_folder));
        Assert.Equal(0, Session.Run("verify-rank", _folder.Run).Code);
    }

    [Theory]
    [InlineData("--epochs 0 is less than the 1 of the run", "--epochs", "0")]
    [InlineData("the setting 'lr' was 0.003 and would be 0.002", "--lr", "0.002")]
    [InlineData("--t1 2 would leave out 1", "--t1", "2")]
    [InlineData("--noise sd would leave out variance", "--noise", "sd")]
    [InlineData("--features f64 would leave out f32", "--features", "f64")]
    [InlineData("got no option that asks for more")]
    [InlineData("got 'f32' behind the run folder", "f32")]
    [InlineData("leave out --out", "--features", "f32", "--out", "elsewhere")]
    [InlineData("--feature", "--feature", "f32")]
    public void What_would_make_its_results_those_of_other_settings_is_refused_with_2_and_nothing_changes(string message, params string[] options)
    {
        Assert.Equal(0, Session.Run([.. Arguments(_folder), "--epochs", "1", "--t1", "1"]).Code);
        string before = _folder.Read("run.json");
        Session session = Session.Run(["extend", _folder.Run, .. options]);
        Assert.Equal((int)ExitCode.Usage, session.Code);
        Assert.Contains(message, session.Errors);
        Assert.Equal(before, _folder.Read("run.json"));
    }

    [Fact]
    public void An_experiment_that_cannot_measure_more_says_so()
    {
        Assert.Equal(0, Session.Run("sigma-truth", "--n", "40", "--t1", "1", "--weight-scales", "0.33", "--epochs", "0", "--noise", "sd", "--features", "float64", "--out", _folder.Root).Code);
        Session session = Session.Run("extend", _folder.Run, "--t1", "1,2");
        Assert.Equal((int)ExitCode.Usage, session.Code);
        Assert.Contains("a run of sigma-truth is of its settings alone", session.Errors);
    }

    private static string[] Arguments(ScratchFolder folder) =>
        ["table2", "--n", "60", "--batch", "16", "--out", folder.Root];

    private static JsonNode Ranks(string row) => JsonNode.Parse(row)!["Ranks"]!;
}
