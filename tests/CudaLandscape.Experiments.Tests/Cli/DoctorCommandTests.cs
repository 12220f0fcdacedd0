using CudaLandscape.Experiments.Cli;

namespace CudaLandscape.Experiments.Tests.Cli;

[Collection("device")]
public sealed class DoctorCommandTests
{
    [Fact]
    public void Every_library_is_tried()
    {
        using ChildProgram program = new(new Dictionary<string, string?>(), "doctor");
        Assert.Equal((int)ExitCode.Ok, program.WaitForExit());
        Assert.Contains("one kernel ran: right", program.Output);
        Assert.Contains(
            "float32 product right, float64 product right, factorisation right, singular values right, recorded step right", program.Output);
    }

    [SkippableTheory]
    [InlineData("cublasDgemm_v2_64:1:14", "float64 product FAILED (cuBLAS: cublasDgemm_v2_64(", "factorisation right")]
    [InlineData("cusolverDnXpotrf:1:6", "factorisation FAILED (cuSOLVER: cusolverDnXpotrf(", "singular values right")]
    [InlineData("cuGraphLaunch:1:999", "recorded step FAILED (CUDA driver: cuGraphLaunch(", "singular values right")]
    public void What_fails_is_named_and_the_rest_is_tried_all_the_same(string fault, string failed, string right)
    {
        Softcuda.Require();
        using ChildProgram program = new(new Dictionary<string, string?> { ["SOFTCUDA_FAIL"] = fault }, "doctor");
        Assert.Equal((int)ExitCode.Device, program.WaitForExit());
        Assert.Contains(failed, program.Output);
        Assert.Contains(right, program.Output);
    }
}
