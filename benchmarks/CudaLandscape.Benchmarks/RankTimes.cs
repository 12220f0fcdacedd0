using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
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
    /// <summary>Arguments: samples, filters, copied columns, rounds. <c>baselines/rank.py</c> reads what is printed.</summary>
    public static void Run(string[] arguments)
    {
        int[] sizes = Array.ConvertAll(arguments, text => int.Parse(text, CultureInfo.InvariantCulture));
        (int samples, int filters, int copies, int rounds) = (sizes[0], sizes[1], sizes[2], sizes[3]);
        using Device device = Device.Open(DeviceId.Default);
        using TensorScope scope = new();
        Console.WriteLine($"{samples} x {676 * filters}{(copies == 0 ? "" : $", {copies} columns copies")}; {Peer()}; seconds wall (processor):");
        Tensor f = Features(device, samples, 676L * filters, copies);
        for (int round = 0; round < rounds; round++) Round(f);
    }

    /// <summary>The matrix of any sides, in the layout that ranks are computed in; nothing else of its size is made.</summary>
    public static Tensor Matrix(Device device, int samples, long columns)
    {
        using TensorScope scope = new();
        Tensor matrix = ShortSideFirst.Allocate(device, samples, columns);
        Fill(device, samples, columns, (first, rows) => ShortSideFirst.SetRows(matrix, samples, first, rows));
        return scope.Return(matrix);
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
        (double wall, double processor) ours = Timed(() => result = MatrixRank.OfInPlace(matrix, rows, columns));
        double memory = (f.Device.PeakBytes - before + 8.0 * rows * columns) / (8.0 * rows * columns);
        (double wall, double processor) theirs = Timed(() => sigma = f.SingularValues().ToArray<double>());
        RankResult r = result!;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"rank {ours.wall:F4} ({ours.processor:F4}), SVD {theirs.wall:F4} ({theirs.processor:F4}), ratio {theirs.wall / ours.wall:F2} ({theirs.processor / ours.processor:F2}); "
            + $"rank {r.RankText} of {r.FullRank} by {r.Method}, SVD counts {sigma.LongCount(s => s > r.Threshold)}; "
            + $"σ_min {r.SigmaMin:E6} and {sigma[^1]:E6}, σ_max {r.SigmaMax:E9} and {sigma[0]:E9}; peak memory {memory:F3} of the matrix"));
    }

    private static (double Wall, double Processor) Timed(Action work)
    {
        using TensorScope scope = new();
        TimeSpan processor = Process.GetCurrentProcess().TotalProcessorTime;
        Stopwatch wall = Stopwatch.StartNew();
        work();
        double seconds = wall.Elapsed.TotalSeconds;
        return (seconds, (Process.GetCurrentProcess().TotalProcessorTime - processor).TotalSeconds);
    }

    // OpenBLAS begins its configuration with its name and version.
    private static unsafe string Peer()
    {
        if (DeviceId.Default.Kind != DeviceKind.Soft) return "cusolverDnXgesvd, values only";
        if (!NativeLibrary.TryLoad("libopenblas.so.0", out nint library) || !NativeLibrary.TryGetExport(library, "openblas_get_config", out nint config))
            return "LAPACK dgesdd";
        string said = Marshal.PtrToStringUTF8((nint)((delegate* unmanaged<byte*>)config)()) ?? "";
        return $"LAPACK dgesdd of {string.Join(' ', said.Split(' ').Take(2))}";
    }

    private static Tensor Features(Device device, int samples, long width, int copies)
    {
        using TensorScope scope = new();
        Tensor f = Tensor.Empty(device, [samples, width], DType.Float64, "F");
        Fill(device, samples, width, (first, rows) => f.Slab(first * width, rows.Shape, "rows").CopyFrom(rows));
        if (copies == 0) return scope.Return(f);
        return scope.Return(new[] { f.Slice(1, 0, width - copies), f.Slice(1, 0, copies) }.Concat(1));
    }

    // Rows of features in batches; of the last filter only as many columns as are asked for.
    private static void Fill(Device device, int samples, long columns, Action<int, Tensor> set)
    {
        const int batch = 250;
        using NoGradient noGradient = new();
        using TensorScope scope = new();
        Conv2d conv = new("conv", [1, 28, 28], (int)((columns + 675) / 676), 3);
        using ParameterSlab slab = ParameterSlab.Initialize(conv, device, DType.Float64, Initializer.Parse("normal=0.33"), 1);
        using DeviceSamples images = DeviceSamples.Upload(device, ProceduralDigits.Generate(samples, 1), 3.16e-3, new RandomStream(1, 1UL << 50));
        for (int first = 0; first < samples; first += batch)
        {
            using TensorScope batchScope = new();
            Tensor maps = conv.Forward(images.ImageRange(first, Math.Min(batch, samples - first)).Cast(DType.Float64)).Sigmoid();
            Tensor rows = maps.Reshape([maps.Shape[0], maps.ElementCount / maps.Shape[0]]);
            set(first, rows.Shape[1] == columns ? rows : rows.Slice(1, 0, columns));
        }
    }
}
