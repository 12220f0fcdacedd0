using CudaLandscape.Interop;
using CudaLandscape.Tensors.Tests.Table;

namespace CudaLandscape.Tensors.Tests;

/// <summary>Every barrier of every block kernel is needed, and dropping it is seen: the check device's proof.</summary>
[Collection("device")]
public sealed class BarrierTests
{
    private static readonly ulong[] Seeds = [1, 2, 3, 4, 5, 6, 7, 8];

    // Those of whole training steps are dropped by FusedBarrierTests.
    [SkippableFact]
    public void Dropping_any_barrier_changes_a_result()
    {
        Device device = TestDevices.Check;
        Dictionary<string, List<Case>> cases = CasesByKernel(device);
        List<string> unseen = [];
        foreach (string kernel in Softcuda.BlockKernels.Where(kernel => !kernel.StartsWith("figure1_", StringComparison.Ordinal)))
        {
            int barriers = Softcuda.BarrierCount(kernel);
            if (barriers == 0) unseen.Add($"{kernel}: no case reaches a barrier of it; add one to BarrierRows");
            for (int n = 1; n <= barriers; n++)
            {
                if (!IsSeen(device, kernel, n, cases[kernel])) unseen.Add($"{kernel}:{n}");
            }
        }

        Assert.Empty(unseen);
    }

    [SkippableFact]
    public void A_dropped_barrier_is_there_again_afterwards()
    {
        Device device = TestDevices.Check;
        double[] values = [.. Enumerable.Range(0, 300).Select(i => (double)i)];
        for (int i = 0; i < 2; i++)
        {
            using TensorScope scope = new();
            Tensor x = Tensor.From<double>(device, [300], values);
            Assert.Equal(44850, x.Sum().Item());
            using Softcuda.Switch dropped = Softcuda.DropBarrier("reduce_sum_rows_f64", 1);
            Assert.NotEqual(44850, x.Sum().Item());
        }
    }

    private static bool IsSeen(Device device, string kernel, int number, List<Case> cases)
    {
        using Softcuda.Switch dropped = Softcuda.DropBarrier(kernel, number);
        return cases.Any(c => Seeds.Any(seed =>
        {
            Softcuda.Seed(seed);
            return !c.Run(device).AsSpan().SequenceEqual(c.Expected);
        }));
    }

    // The whole result of every case, and which block kernels took part in it.
    private static Dictionary<string, List<Case>> CasesByKernel(Device device)
    {
        IReadOnlyList<string> kernels = Softcuda.BlockKernels;
        Dictionary<string, List<Case>> cases = kernels.ToDictionary(kernel => kernel, _ => new List<Case>());
        foreach ((string name, Func<Device, DType, Tensor> run) in BarrierRows.All)
        {
            foreach (DType type in (DType[])[DType.Float32, DType.Float64])
            {
                long[] before = [.. kernels.Select(Softcuda.LaunchCount)];
                Case whole = new(name, type, run, []);
                whole = whole with { Expected = whole.Run(device) };
                for (int i = 0; i < kernels.Count; i++)
                {
                    if (Softcuda.LaunchCount(kernels[i]) > before[i]) cases[kernels[i]].Add(whole);
                }
            }
        }

        return cases;
    }

    private sealed record Case(string Name, DType Type, Func<Device, DType, Tensor> Call, byte[] Expected)
    {
        // A kernel that fails outright answers as no result would.
        public byte[] Run(Device device)
        {
            using TensorScope scope = new();
            try
            {
                return Call(device, Type).ToBytes();
            }
            catch (CudaException)
            {
                Softcuda.ForgetError(device.Id.Ordinal);
                return [0xFF];
            }
        }
    }
}
