using CudaLandscape.Interop;

namespace CudaLandscape.Experiments.Tests.Table2;

/// <summary>What run.json's determinism line promises: two epochs end in the same bits on any number of threads.</summary>
[Collection("device")]
public sealed class SameBitsTests
{
    [Fact]
    public void One_two_and_five_threads_and_a_recorded_step_give_the_same_losses_and_errors()
    {
        string[] plain = OnAnyThreads("plain");
        Assert.Equal(plain, Measured("2", "captured"));
    }

    [Fact]
    public void One_two_and_five_threads_give_the_same_losses_and_errors_with_the_fused_step() => OnAnyThreads("fused");

    private static string[] OnAnyThreads(string step)
    {
        string[] one = Measured("1", step);
        Assert.DoesNotContain("", one);
        Assert.Equal(one, Measured("2", step));
        Assert.Equal(one, Measured("5", step));
        return one;
    }

    private static string[] Measured(string workers, string step)
    {
        using ScratchFolder folder = new();
        Dictionary<string, string?> variables = new() { [DeviceId.Variable] = "soft", ["SOFTCUDA_WORKERS"] = workers };
        using ChildProgram program = new(
            variables, "table2", "--n", "300", "--t1", "4", "--epochs", "2", "--features", "f64", "--step", step, "--out", folder.Root);
        Assert.Equal(0, program.WaitForExit());
        MetricsCsv metrics = folder.Metrics();
        return [metrics[0, "loss"], metrics[0, "half_sum"], metrics[0, "train_errors"], metrics[0, "test_errors"], metrics[0, "epochs"]];
    }
}
