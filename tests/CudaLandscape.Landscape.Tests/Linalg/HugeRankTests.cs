using System.Globalization;
using CudaLandscape.Interop;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.Tests.Linalg;

/// <summary>A matrix of more than 2³¹ elements, 17.4 GB: whatever counts elements in 32 bits goes wrong on it.</summary>
[Collection("device")]
public sealed class HugeRankTests
{
    private const long Rows = 33_000_000, Columns = 66;

    // Gaussian columns have singular values near √m. The last column is the sum of the first two, which makes one value √(3m) and
    // one zero; its elements are those beyond 2³¹.
    [SkippableFact]
    public void More_than_2_to_the_31_elements_have_their_rank()
    {
        RankMemory memory = RankMemory.Of(Rows, Columns);
        Assert.True(Rows * Columns > 1L << 31);
        Skip.IfNot(FullTests.Enabled, "needs 19 GB and minutes: CUDALANDSCAPE_FULL=1");
        long free = FreeBytes(), needed = memory.TotalBytes + 4 * Rows * sizeof(double);
        Skip.If(free < needed, $"needs {needed / 1e9:F1} GB of free memory, here are {free / 1e9:F1} GB");
        using TensorScope scope = new();
        Tensor matrix = ShortSideFirst.Allocate(TestDevices.Primary, Rows, Columns);
        for (int c = 0; c < Columns; c++) Fill(matrix, c);
        RankResult result = MatrixRank.OfInPlace(matrix, Rows, Columns);
        Assert.Equal((Columns - 1, Columns - 1, Columns - 1), (result.RankLow, result.Rank, result.RankHigh));
        Assert.Equal(Columns - 1, result.RankAtHundred!.Low);
        Assert.Equal(Math.Sqrt(3.0 * Rows), result.SigmaMax, 0.01 * Math.Sqrt(3.0 * Rows));
        Assert.InRange(result.SigmaMin, 0, result.Eta);
    }

    private static void Fill(Tensor matrix, int column)
    {
        using TensorScope scope = new();
        Tensor values = column == Columns - 1
            ? matrix.Slab(0, [Rows], "first") + matrix.Slab(Rows, [Rows], "second")
            : RandomTensor.Normal(matrix.Device, [Rows], DType.Float64, new RandomStream(1, (ulong)column));
        matrix.Slab(column * Rows, [Rows], "column").CopyFrom(values);
    }

    // softcuda's memory is the machine's, which others use as well.
    private static long FreeBytes()
    {
        (long free, _) = TestDevices.Primary.Context.MemoryInfo();
        if (TestDevices.Primary.Id.Kind != DeviceKind.Soft || !OperatingSystem.IsLinux()) return free;
        string line = File.ReadLines("/proc/meminfo").First(l => l.StartsWith("MemAvailable:", StringComparison.Ordinal));
        return Math.Min(free, 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture));
    }
}
