using System.Diagnostics;
using System.Globalization;
using CudaLandscape.Interop;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;
using CudaLandscape.Tensors.Linalg;
using CudaLandscape.Tensors.Random;
using MatrixRank = CudaLandscape.Tensors.Linalg.Rank;

namespace CudaLandscape.Benchmarks;

/// <summary>
/// A rank with σ_min, σ_max and certificate beside all singular values of the same matrix by the library's SVD (LAPACK's dgesdd under
/// softcuda, values only), in turns, on the same threads. The matrix: sigmoid features of a random 3x3 convolution of drawn digits with
/// noise, 676 to a filter; the last columns can be made copies of the first, for a matrix of less than full rank.
/// </summary>
internal static class RankTimes
{
    /// <summary>Arguments: samples, filters, copied columns, rounds.</summary>
    public static void Run(string[] arguments)
    {
        int[] sizes = Array.ConvertAll(arguments, text => int.Parse(text, CultureInfo.InvariantCulture));
        (int samples, int filters, int copies, int rounds) = (sizes[0], sizes[1], sizes[2], sizes[3]);
        using Device device = Device.Open(DeviceId.Default);
        using TensorScope scope = new();
        Tensor f = Features(device, samples, filters, copies);
        Console.WriteLine($"{samples} x {676 * filters}, {copies} copied columns; seconds wall (processor):");
        for (int round = 0; round < rounds; round++) Round(f);
    }

    private static void Round(Tensor f)
    {
        (long rows, long columns) = (f.Shape[0], f.Shape[1]);
        RankResult? result = null;
        double[] sigma = [];
        using TensorScope scope = new();
        Tensor matrix = ShortSideFirst.Of(f);
        f.Device.TrimCache();
        long before = f.Device.UsedBytes;
        f.Device.ResetPeak();
        string ours = Timed(() => result = MatrixRank.OfInPlace(matrix, rows, columns));
        double memory = (f.Device.PeakBytes - before + 8.0 * rows * columns) / (8.0 * rows * columns);
        string all = Timed(() => sigma = f.SingularValues().ToArray<double>());
        RankResult r = result!;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"rank {ours}, SVD {all}; rank {r.RankText} of {r.FullRank} by {r.Method}, SVD counts {sigma.LongCount(s => s > r.Threshold)}; "
            + $"σ_min {r.SigmaMin:E6} and {sigma[^1]:E6}, σ_max {r.SigmaMax:E9} and {sigma[0]:E9}; peak memory {memory:F2} of the matrix"));
    }

    private static string Timed(Action work)
    {
        using TensorScope scope = new();
        TimeSpan processor = Process.GetCurrentProcess().TotalProcessorTime;
        Stopwatch wall = Stopwatch.StartNew();
        work();
        double seconds = wall.Elapsed.TotalSeconds;
        return string.Create(
            CultureInfo.InvariantCulture, $"{seconds:F2} ({(Process.GetCurrentProcess().TotalProcessorTime - processor).TotalSeconds:F2})");
    }

    private static Tensor Features(Device device, int samples, int filters, int copies)
    {
        const int batch = 250;
        using NoGradient noGradient = new();
        using TensorScope scope = new();
        Conv2d conv = new("conv", [1, 28, 28], filters, 3);
        using ParameterSlab slab = ParameterSlab.Initialize(conv, device, DType.Float64, Initializer.Parse("normal=0.33"), 1);
        using DeviceSamples images = DeviceSamples.Upload(device, ProceduralDigits.Generate(samples, 1), 3.16e-3, new RandomStream(1, 1UL << 50));
        long width = 676L * filters;
        Tensor f = Tensor.Empty(device, [samples, width], DType.Float64, "F");
        for (int first = 0; first < samples; first += batch)
        {
            using TensorScope batchScope = new();
            Tensor rows = conv.Forward(images.ImageRange(first, Math.Min(batch, samples - first)).Cast(DType.Float64)).Sigmoid();
            f.Slab(first * width, [rows.Shape[0], width], "rows").CopyFrom(rows.Reshape([rows.Shape[0], width]));
        }

        if (copies == 0) return scope.Return(f);
        return scope.Return(new[] { f.Slice(1, 0, width - copies), f.Slice(1, 0, copies) }.Concat(1));
    }
}
