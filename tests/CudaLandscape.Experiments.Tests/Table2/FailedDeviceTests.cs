namespace CudaLandscape.Experiments.Tests.Table2;

/// <summary>
/// The device fails in mid-training: a launch, memory, or a wait that reports what went wrong on the device meanwhile. The run ends with
/// the call that failed, its last checkpoint can be read, and resumed it ends with the bits of one that never failed.
/// </summary>
[Collection("device")]
public sealed class FailedDeviceTests(ResumedRunTests.WholeRun whole) : IClassFixture<ResumedRunTests.WholeRun>, IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("cuLaunchKernel:1500:719", 4, "cuLaunchKernel(", "719 CUDA_ERROR_LAUNCH_FAILED")]
    [InlineData("cuStreamSynchronize:40:719", 4, "cuStreamSynchronize(", "719 CUDA_ERROR_LAUNCH_FAILED")]
    [InlineData("cuMemAlloc_v2:1500:2", 5, "soft:0 is out of memory: ", "batch")]
    public void Its_failure_is_named_and_the_run_goes_on_to_the_same_bits(string fault, int code, params string[] named)
    {
        Softcuda.Require();
        Dictionary<string, string?> variables = new() { ["SOFTCUDA_FAIL"] = fault, ["CUDALANDSCAPE_MEMORY_CACHE"] = "off" };
        using (ChildProgram program = new(variables, [.. ResumedRunTests.Arguments(_folder), "--checkpoint-seconds", "0"]))
        {
            Assert.Equal(code, program.WaitForExit());
            Assert.All(named, text => Assert.Contains(text, program.Errors));
        }

        Assert.Equal("failed", (string?)_folder.RunJson()["status"]);
        Session resumed = Session.Run("resume", _folder.Run);
        Assert.Equal(0, resumed.Code);
        Assert.Contains("T1 = 1: going on from a checkpoint: epoch ", resumed.Errors);
        Assert.Equal(RunOutcome.Of(whole.Folder), RunOutcome.Of(_folder));
    }
}
