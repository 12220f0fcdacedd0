using CudaLandscape.Interop;

namespace CudaLandscape.Tensors;

/// <summary>
/// A device ready for work: its context, one stream, the kernels, cuBLAS and cuSOLVER, and a caching arena. Tensors name the
/// device they live on; everything submitted to a device runs in order.
/// </summary>
public sealed partial class Device : IDisposable
{
    // Major compute capability.
    private const int FirstWithTf32 = 8;

    private readonly KernelCache _kernels, _elementwise;
    private readonly KernelModule _module;
    private readonly Stack<IDisposable> _parts;
    private bool _disposed;
    private Precision _precision;

    private Device(DeviceId id, Stack<IDisposable> parts)
    {
        _parts = parts;
        Context = Part(DeviceContext.Open(id));
        Stream = Part(DeviceStream.Create(Context));
        _module = Part(KernelModule.LoadBuiltIn(Context));
        _kernels = new KernelCache(_module, "");
        _elementwise = new KernelCache(_module, "elementwise_");
        Blas = Part(CublasHandle.Create(Stream));
        Solver = Part(CusolverHandle.Create(Stream));
        Precision = PrecisionSetting.FromEnvironment();
        Arena = Part(new Arena(Context, caches: !Context.IsCheckDevice && MemoryCache.FromEnvironment()));
    }

    /// <summary>The device's context.</summary>
    public DeviceContext Context { get; }

    /// <summary>The stream all work of this device runs on.</summary>
    public DeviceStream Stream { get; }

    /// <summary>The device's name among this machine's devices, such as <c>cuda:0</c>.</summary>
    public DeviceId Id => Context.Id;

    /// <summary>
    /// How float32 matrices are multiplied and float32 images convolved from now on; at first what CUDALANDSCAPE_PRECISION says. A
    /// recorded graph keeps the precision that it was recorded with. softcuda's fast device computes in float32 whatever is set.
    /// </summary>
    /// <exception cref="NotSupportedException">The GPU has no tensor cores for TF32.</exception>
    public Precision Precision
    {
        get => _precision;
        set
        {
            (int major, int minor) = Context.ComputeCapability;
            if (value != Precision.Float32 && major < FirstWithTf32)
                throw new NotSupportedException($"Precision: {value} needs compute capability {FirstWithTf32}.0 or newer; {Id} has {major}.{minor}.");
            Blas.SetTf32(value == Precision.Tf32);
            _precision = value;
        }
    }

    /// <summary>SHA-256 of the kernels' binary.</summary>
    public string KernelsSha256 => _module.ImageSha256;

    /// <summary>Path of the kernels' binary.</summary>
    public string KernelsPath => _module.ImagePath;

    /// <summary>The kernels that were asked for so far.</summary>
    public IEnumerable<Kernel> Kernels => _module.Kernels;

    /// <summary>Bytes of device memory in use by live tensors and tapes.</summary>
    public long UsedBytes => Arena.UsedBytes;

    /// <summary>Bytes of device memory kept for reuse, beside <see cref="UsedBytes"/>; <see cref="TrimCache"/> frees them.</summary>
    public long CachedBytes => Arena.CachedBytes;

    /// <summary>The largest <see cref="UsedBytes"/> since the start or the last <see cref="ResetPeak"/>.</summary>
    public long PeakBytes => Arena.PeakBytes;

    internal Arena Arena { get; }

    // Where new tensors go as long as they fit; null for the arena.
    internal SpareMemory? Spare { get; set; }

    // The one variant that convolutions take in its precision, in the place of the table's; for tests and studies.
    internal Ops.Conv2dVariant? ConvolutionVariant { get; set; }

    internal CublasHandle Blas { get; }

    internal CusolverHandle Solver { get; }

    /// <summary>
    /// Tests say here by tiles of which side (2 or 4) convolutions go by Winograd's transforms where they can, 0 for none; null for what pays.
    /// </summary>
    internal long? WinogradStep { get; set; }

    /// <summary>Opens a device. The caller disposes it after all its tensors.</summary>
    /// <exception cref="DeviceUnavailableException">There is no such device here.</exception>
    public static Device Open(DeviceId id)
    {
        Stack<IDisposable> parts = new();
        try
        {
            return new Device(id, parts);
        }
        catch
        {
            Dispose(parts);
            throw;
        }
    }

    /// <summary>Waits for all submitted work and reports an error any of it had.</summary>
    public void Synchronize() => Stream.Synchronize();

    /// <summary>Gives cached memory back to the driver.</summary>
    public void TrimCache() => Arena.Trim();

    /// <summary>Starts a new measurement of <see cref="PeakBytes"/>.</summary>
    public void ResetPeak() => Arena.ResetPeak();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        Dispose(_parts);
    }

    internal Storage Allocate(long bytes)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Spare is { } spare && !Arena.HasPool && spare.Take(bytes) is { } address
            ? new Storage(this, bytes, spare, address)
            : new Storage(this, Arena.Rent(bytes));
    }

    private static void Dispose(Stack<IDisposable> parts)
    {
        while (parts.TryPop(out IDisposable? part)) part.Dispose();
    }

    private T Part<T>(T part) where T : IDisposable
    {
        _parts.Push(part);
        return part;
    }
}
