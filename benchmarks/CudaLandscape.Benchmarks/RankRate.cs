using System.Diagnostics;
using System.Globalization;
using CudaLandscape.Interop;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;
using CudaLandscape.Tensors.Random;
using MatrixRank = CudaLandscape.Tensors.Linalg.Rank;

namespace CudaLandscape.Benchmarks;

/// <summary>
/// The time of a rank beside the time its QR would take at the rate of a matrix product: 2 k² (m - k/3) multiplications and additions,
/// k the shorter and m the longer side, at the rate of one dgemm measured just before. The matrix is that of
/// <see cref="RankTimes"/>, of any sides; its memory is said, and refused, beforehand.
/// </summary>
internal static class RankRate
{
    private const long ProductSize = 2500;

    /// <summary>Arguments: samples, columns, rounds.</summary>
    public static void Run(string[] arguments)
    {
        long[] sizes = Array.ConvertAll(arguments, text => long.Parse(text, CultureInfo.InvariantCulture));
        (int samples, long columns, long rounds) = ((int)sizes[0], sizes[1], sizes[2]);
        using Device device = Device.Open(DeviceId.Default);
        RankMemory memory = RankMemory.Of(samples, columns);
        Console.WriteLine($"{samples} x {columns}: {memory}");
        memory.Require(device);
        for (long round = 0; round < rounds; round++) Round(device, samples, columns);
    }

    private static void Round(Device device, int samples, long columns)
    {
        double rate = ProductRate(device), k = Math.Min(samples, columns), m = Math.Max(samples, columns), flops = 2 * k * k * (m - k / 3);
        using TensorScope scope = new();
        Tensor matrix = RankTimes.Matrix(device, samples, columns);
        device.TrimCache();
        long before = device.UsedBytes;
        device.ResetPeak();
        List<(string Phase, double Began)> phases = [];
        Stopwatch watch = Stopwatch.StartNew();
        RankResult r = MatrixRank.OfInPlace(matrix, samples, columns, progress: phase => phases.Add((phase, watch.Elapsed.TotalSeconds)));
        double seconds = watch.Elapsed.TotalSeconds, peak = 1 + (device.PeakBytes - before) / (8.0 * samples * columns);
        double afterQr = phases.Count > 1 ? phases[1].Began : seconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"rank {seconds:F2} s, of it QR {afterQr:F2} s; {flops:E2} flop at dgemm's {rate / 1e9:F1} GFLOP/s {flops / rate:F2} s; quotient {seconds * rate / flops:F3}; "
            + $"rank {r.RankText} of {r.FullRank} by {r.Method}, σ_min {r.SigmaMin:E6}, {r.SigmaMaxSteps} + {r.SigmaMinSteps} steps; peak memory {peak:F3} of the matrix"));
    }

    // The best of three products of squares.
    private static double ProductRate(Device device)
    {
        using TensorScope scope = new();
        Tensor a = RandomTensor.Normal(device, [ProductSize, ProductSize], DType.Float64, new RandomStream(1, 1));
        double best = double.PositiveInfinity;
        for (int i = 0; i < 3; i++)
        {
            using TensorScope product = new();
            device.Synchronize();
            Stopwatch watch = Stopwatch.StartNew();
            a.MatMul(a);
            device.Synchronize();
            best = Math.Min(best, watch.Elapsed.TotalSeconds);
        }

        return 2.0 * ProductSize * ProductSize * ProductSize / best;
    }
}
