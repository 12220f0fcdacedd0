using CudaLandscape.Experiments.Cli;
using CudaLandscape.Interop;

namespace CudaLandscape.Experiments.Tests.SigmaTruth;

/// <summary>
/// The same run on another device, in a process of its own: on a machine with a GPU that is softcuda, elsewhere the check device.
/// Singular values agree to what rounding is allowed, and the ranks are the same.
/// </summary>
[Collection("device")]
public sealed class OtherDeviceTests : IDisposable
{
    private readonly ScratchFolder _here = new(), _there = new();

    public void Dispose()
    {
        _here.Dispose();
        _there.Dispose();
    }

    [Fact]
    public void Ranks_of_features_do_not_depend_on_the_device()
    {
        Assert.Equal((int)ExitCode.Ok, Session.Run(Arguments(_here)).Code);
        string other = DeviceId.Default.Kind == DeviceKind.Cuda ? "soft:0" : "soft:1";
        using ChildProgram program = new(new Dictionary<string, string?> { [DeviceId.Variable] = "soft" }, [.. Arguments(_there), "--device", other]);
        Assert.Equal((int)ExitCode.Ok, program.WaitForExit());
        MetricsCsv a = MetricsCsv.Parse(_here.Read("table.csv")), b = MetricsCsv.Parse(_there.Read("table.csv"));
        Assert.Equal((2, 2), (a.Rows.Length, b.Rows.Length));
        for (int row = 0; row < 2; row++)
        {
            double eta = a.Number(row, "eta_float64");
            Assert.Equal(a.Number(row, "sigma_min_float64"), b.Number(row, "sigma_min_float64"), eta);
            Assert.Equal(a.Number(row, "sigma_max_float64"), b.Number(row, "sigma_max_float64"), eta);
            Assert.Equal(a[row, "rank_float64"], b[row, "rank_float64"]);
        }
    }

    private static string[] Arguments(ScratchFolder folder) =>
        ["sigma-truth", "--n", "60", "--t1", "1", "--features", "float64", "--weight-scales", "0.33,1", "--epochs", "0", "--noise", "variance", "--out", folder.Root];
}
