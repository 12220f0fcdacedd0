using System.Diagnostics;
using CudaLandscape.Interop;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.KernelStudy;

/// <summary>Measures what bounds every kernel of a device: copying, matrix products, launches, and the factorisations of the ranks.</summary>
internal sealed class CeilingProbe(Device device, ColdTimer timer)
{
    // A product this large keeps a GPU busy for milliseconds; two cores for tenths of a second.
    private const int LargeProduct = 8192, SmallProduct = 1536, ManyMultiprocessors = 32;
    private const int LargestSvd = 4096; // twice that takes a GPU many seconds a call
    private const int Launches = 1000;
    private const long LeastCopyBytes = 1 << 28;

    /// <summary>n of the n x n products and factorisations.</summary>
    public int MatrixSize { get; init; } = device.Context.MultiprocessorCount >= ManyMultiprocessors ? LargeProduct : SmallProduct;

    /// <summary>n of the n x n matrix whose singular values are timed.</summary>
    public int SvdSize => Math.Min(MatrixSize, LargestSvd);

    /// <summary>Copy and matrix products, which the shares refer to.</summary>
    public Ceilings Measure() => new(Math.Max(CopyGigabytes(byKernel: false), CopyGigabytes(byKernel: true)),
        ProductGigaflops(DType.Float32), ProductGigaflops(DType.Float64));

    /// <summary>GB/s, read and written, of the driver's copy or of an elementwise kernel, beyond the size of the cache.</summary>
    public double CopyGigabytes(bool byKernel)
    {
        long bytes = Math.Min(Math.Max(LeastCopyBytes, 2L * device.Context.LastCacheBytes), device.Context.MemoryInfo().Free / 4);
        using Tensor from = Tensor.Zeros(device, [bytes / sizeof(float)], DType.Float32), to = Tensor.Zeros(device, from.Shape, DType.Float32);
        Timing timing = byKernel ? timer.Measure(() => from.Scale(2)) : timer.Measure(() => to.CopyFrom(from));
        return 2 * from.Bytes / (1e6 * timing.Milliseconds);
    }

    /// <summary>GFLOP/s of C = AB with 2n³ operations.</summary>
    public double ProductGigaflops(DType type)
    {
        using Tensor a = Matrix(type, 1), b = Matrix(type, 2);
        return 2 * Cube / (1e6 * timer.Measure(() => a.MatMul(b)).Milliseconds);
    }

    /// <summary>GFLOP/s of C = AB in float32 whose factors may be rounded to TF32; softcuda's product is the float32 one.</summary>
    public double TensorFloat32Gigaflops()
    {
        Precision before = device.Precision;
        device.Precision = Precision.Tf32;
        try
        {
            return ProductGigaflops(DType.Float32);
        }
        finally
        {
            device.Precision = before;
        }
    }

    /// <summary>GFLOP/s of QR on an n x n matrix in float64, 4n³/3 operations.</summary>
    public double QrGigaflops(QrMethod method)
    {
        using Tensor a = Matrix(DType.Float64, 3);
        return 4 * Cube / 3 / (1e6 * timer.Measure(() => Factorizations.Triangularize(a, method)).Milliseconds);
    }

    /// <summary>GFLOP/s of Xgesvd without vectors on an n x n matrix in float64, 8n³/3 operations of its bidiagonalisation.</summary>
    public double SvdGigaflops()
    {
        using Tensor a = RandomTensor.Uniform(device, [SvdSize, SvdSize], DType.Float64, new RandomStream(1, 4), -1, 1);
        return 8 * Math.Pow(SvdSize, 3) / 3 / (1e6 * timer.Measure(() => a.SingularValues()).Milliseconds);
    }

    /// <summary>Microseconds of one op of one element among many, plain or replayed from a recorded step.</summary>
    public double OpMicroseconds(bool recorded)
    {
        using Tensor x = Tensor.Zeros(device, [1], DType.Float32);
        return Microseconds(() => x.Scale(2).Dispose(), recorded);
    }

    /// <summary>
    /// Microseconds of one launch in a chain, each depending on the one before it: queued one by one or, recorded, as nodes of a
    /// graph, whose next one may begin before its predecessor has ended if they overlap.
    /// </summary>
    public double LaunchMicroseconds(bool recorded, bool overlapping)
    {
        using Tensor x = Tensor.Zeros(device, [1], DType.Float32);
        Kernel link = device.GetKernel("chain_link");
        return overlapping
            ? Microseconds(() => device.LaunchSingleOverlapping(link, 1, x), recorded)
            : Microseconds(() => device.LaunchSingle(link, 1, x), recorded);
    }

    /// <summary>Whether the device lets launches overlap; softcuda runs them one after the other.</summary>
    public bool CanOverlap => device.Id.Kind == DeviceKind.Soft || device.Context.ComputeCapability.Major >= 9;

    private double Cube => Math.Pow(MatrixSize, 3);

    private Tensor Matrix(DType type, ulong stream) =>
        RandomTensor.Uniform(device, [MatrixSize, MatrixSize], type, new RandomStream(1, stream), -1, 1);

    // Median of nine rounds of many calls, each round waited for.
    private double Microseconds(Action call, bool recorded)
    {
        void Work()
        {
            for (int i = 0; i < Launches; i++) call();
        }

        using CapturedStep? step = recorded ? CapturedStep.Record(device, Work) : null;
        Action work = step is null ? Work : step.Replay;
        return Enumerable.Range(0, 9).Select(_ => Microseconds(work)).Order().ElementAt(4) / Launches;
    }

    private double Microseconds(Action work)
    {
        device.Synchronize();
        Stopwatch clock = Stopwatch.StartNew();
        work();
        device.Synchronize();
        return clock.Elapsed.TotalMicroseconds;
    }
}
