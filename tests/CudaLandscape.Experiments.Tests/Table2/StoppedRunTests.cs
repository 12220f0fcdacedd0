using CudaLandscape.Experiments.Cli;
using CudaLandscape.Interop;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Tests.Table2;

/// <summary>Runs that end early: interrupted, or out of device memory.</summary>
[Collection("device")]
public sealed class StoppedRunTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Ctrl_C_in_mid_training_keeps_what_was_measured_and_is_answered_with_130()
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are sent with kill");
        using ChildProgram program = new(
            new Dictionary<string, string?>(), "table2", "--n", "100", "--t1", "1,200", "--epochs", "20", "--features", "f64", "--out", _folder.Root);
        program.WaitForLine("T1 = 200: epoch 1 of 20");
        program.Signal("INT");
        Assert.Equal((int)ExitCode.Interrupted, program.WaitForExit());
        Assert.Equal(("interrupted", "SIGINT"), ((string?)_folder.RunJson()["status"], (string?)_folder.RunJson()["reason"]));
        MetricsCsv metrics = _folder.Metrics();
        Assert.Equal(("1", "20", "2880"), (metrics[0, "t1"], metrics[0, "epochs"], metrics[0, "columns_f3_f64"]));
        Assert.NotEqual("", metrics[0, "rank_seconds"]);
        Assert.Contains("interrupted", _folder.Read("log.txt"));
        Assert.DoesNotContain("   at ", program.Errors);
    }

    // 71 MB for uploading the test images and 25 MB for T1 = 1, but 811 MB for one batch's features at T1 = 300.
    [Fact]
    public void Too_little_memory_is_answered_with_5_and_the_bytes_asked_for_and_free()
    {
        Dictionary<string, string?> variables = new() { [DeviceId.Variable] = "soft", ["SOFTCUDA_MEMORY"] = "150000000" };
        using ChildProgram program = new(
            variables, "table2", "--n", "20", "--t1", "1,300", "--weights", "random", "--features", "f64", "--out", _folder.Root);
        Assert.Equal((int)ExitCode.OutOfMemory, program.WaitForExit());
        string reason = (string)_folder.RunJson()["reason"]!;
        Assert.Equal("failed", (string?)_folder.RunJson()["status"]);
        Assert.Matches(@"soft:0 is out of memory: .*\(\d+ B\) were asked for, .* of 143\.1 MiB \(150000000 B\) are free", reason);
        Assert.Contains($"error: {reason}", program.Errors);
        Assert.Equal(("1", "2880"), (_folder.Metrics()[0, "t1"], _folder.Metrics()[0, "columns_f3_f64"]));
    }

    [SkippableFact]
    public void After_running_out_of_memory_nothing_is_held_and_a_smaller_run_works()
    {
        using Device device = Device.Open(DeviceId.Default);
        using FullMemory full = new(device, left: 150_000_000);
        int before = LiveHandles.Count;
        using ScratchFolder second = new();
        string[] common = ["table2", "--n", "20", "--weights", "random", "--features", "f64"];
        Assert.Equal((int)ExitCode.OutOfMemory, Session.Run([.. common, "--t1", "300", "--out", _folder.Root]).Code);
        Assert.Equal("failed", (string?)_folder.RunJson()["status"]);
        Assert.Equal(before, LiveHandles.Count);
        Assert.Equal((int)ExitCode.Ok, Session.Run([.. common, "--t1", "1", "--out", second.Root]).Code);
        Assert.Equal("done", (string?)second.RunJson()["status"]);
        Assert.Equal(before, LiveHandles.Count);
    }

    // F1 of 6000 samples takes 32 MB, F3 138 MB beside 50 MB of images.
    [SkippableFact]
    public void A_rank_that_needs_too_much_memory_is_a_problem_of_its_row()
    {
        using Device device = Device.Open(DeviceId.Default);
        using FullMemory full = new(device, left: 170_000_000);
        int before = LiveHandles.Count;
        Session session = Session.Run("table2", "--n", "6000", "--t1", "1", "--weights", "random", "--features", "f64", "--out", _folder.Root);
        Assert.Equal((int)ExitCode.OutOfMemory, session.Code);
        Assert.Equal(before, LiveHandles.Count);
        MetricsCsv metrics = _folder.Metrics();
        Assert.Equal(("6000", ""), (metrics[0, "rows_f1_f64"], metrics[0, "rows_f3_f64"]));
        Assert.Matches(@"lower --n or --t1\..* \(\d+ B\) were asked for, .* are free", metrics[0, "problem"]);
        Assert.Equal("failed", (string?)_folder.RunJson()["status"]);
        Assert.Contains("not computed", _folder.Read("table.md"));
        Assert.Contains("out of memory", _folder.Read("table.md"));
    }
}
