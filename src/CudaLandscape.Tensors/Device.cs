using CudaLandscape.Interop;

namespace CudaLandscape.Tensors;

/// <summary>
/// A device ready for work: its context, one stream, the kernels, cuBLAS and cuSOLVER, and a caching arena. Tensors name the
/// device they live on; everything submitted to a device runs in order.
/// </summary>
public sealed class Device : IDisposable
{
    // Fewer elements than this per block are not worth a second worker on a device with one thread per block.
    private const long ElementsPerSingleThreadBlock = 16384;

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

    /// <summary>
    /// Launches kernel <c>name_suffix</c> over <paramref name="workItems"/> independent items with any block size.
    /// </summary>
    public void Launch(string name, DType type, long workItems, params ReadOnlySpan<KernelArgument> arguments) =>
        Launch(GetKernel(name, type), workItems, arguments);

    /// <summary>As the overload with a name.</summary>
    public unsafe void Launch(Kernel kernel, long workItems, params ReadOnlySpan<KernelArgument> arguments) =>
        Launch(kernel, GridFor(workItems, 256, 1), null, arguments);

    /// <summary>As <see cref="Launch(string, DType, long, ReadOnlySpan{KernelArgument})"/>, with a struct as first argument.</summary>
    public void Launch<TSize>(
        string name, DType type, long workItems, TSize size, params ReadOnlySpan<KernelArgument> arguments)
        where TSize : unmanaged =>
        Launch(GetKernel(name, type), workItems, size, arguments);

    /// <summary>As the overload with a name, with a struct as first argument.</summary>
    public unsafe void Launch<TSize>(Kernel kernel, long workItems, TSize size, params ReadOnlySpan<KernelArgument> arguments)
        where TSize : unmanaged =>
        Launch(kernel, GridFor(workItems, 256, 1), Words(&size), arguments);

    /// <summary>Launches a block kernel: <paramref name="blocks"/> pieces of work, each for a block of threads.</summary>
    public unsafe void LaunchBlocks(
        string name, DType type, long blocks, int threads, long itemsPerBlock, params ReadOnlySpan<KernelArgument> arguments) =>
        Launch(GetKernel(name, type), GridFor(blocks, threads, itemsPerBlock, perBlock: true), null, arguments);

    /// <summary>
    /// As <see cref="LaunchBlocks(string, DType, long, int, long, ReadOnlySpan{KernelArgument})"/>, with a struct as first argument
    /// and exactly <paramref name="blocks"/> blocks, for kernels that have memory per block.
    /// </summary>
    public void LaunchBlocks<TSize>(
        string name, DType type, int blocks, int threads, TSize size, params ReadOnlySpan<KernelArgument> arguments)
        where TSize : unmanaged =>
        LaunchBlocks(GetKernel(name, type), blocks, threads, 0, size, arguments);

    /// <summary>
    /// As the overload with a name, with so many bytes of dynamic shared memory, which above 48 KiB the kernel must have been allowed.
    /// </summary>
    public unsafe void LaunchBlocks<TSize>(
        Kernel kernel, int blocks, int threads, int sharedBytes, TSize size, params ReadOnlySpan<KernelArgument> arguments)
        where TSize : unmanaged =>
        Launch(kernel, new LaunchShape((uint)blocks, 1, 1, (uint)BlockSize(threads), 1, 1, (uint)sharedBytes), Words(&size), arguments);

    /// <summary>Blocks of so many threads that the device holds at once, at most one per piece of work.</summary>
    public int ResidentBlocks(long works, int threads) => (int)Math.Clamp(works, 1, MostBlocks(BlockSize(threads)));

    /// <summary>The kernel of that name and type.</summary>
    /// <exception cref="CudaException">The kernel set has no such kernel.</exception>
    public Kernel GetKernel(string name, DType type) => _kernels.Get(name, type);

    /// <summary>The kernel of an elementwise op and a type.</summary>
    /// <exception cref="CudaException">The kernel set has no such kernel.</exception>
    public Kernel GetElementwiseKernel(string op, DType type) => _elementwise.Get(op, type);

    /// <summary>A kernel that has no element type in its name.</summary>
    /// <exception cref="CudaException">The kernel set has no such kernel.</exception>
    public Kernel GetKernel(string name) => _module.GetKernel(name);

    /// <summary>Launches a kernel over one block's worth of work with plain arguments.</summary>
    public unsafe void LaunchSingle(Kernel kernel, params ReadOnlySpan<KernelArgument> arguments) =>
        Launch(kernel, new LaunchShape(1, 1, 1, 1, 1, 1, 0), null, arguments);

    /// <summary>As <see cref="LaunchSingle"/>, for a kernel that waits itself for what was launched before it.</summary>
    public unsafe void LaunchSingleOverlapping(Kernel kernel, params ReadOnlySpan<KernelArgument> arguments) =>
        Launch(kernel, new LaunchShape(1, 1, 1, 1, 1, 1, 0), null, arguments, overlapping: true);

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

    // The grid never influences a result; it only has to fill the device without starving small launches.
    private LaunchShape GridFor(long items, int threads, long itemsPerBlock, bool perBlock = false)
    {
        int block = BlockSize(threads);
        long blocks = block == 1
            ? (items * itemsPerBlock + ElementsPerSingleThreadBlock - 1) / ElementsPerSingleThreadBlock
            : perBlock ? items : (items + block - 1) / block;
        return new LaunchShape((uint)Math.Clamp(blocks, 1, MostBlocks(block)), 1, 1, (uint)block, 1, 1, 0);
    }

    private int BlockSize(int threads) => Math.Min(threads, Context.MaxThreadsPerBlock);

    private long MostBlocks(int block) =>
        (long)Context.MultiprocessorCount * Math.Max(1, Context.MaxThreadsPerMultiprocessor / block);

    // C# takes an int for a struct of four bytes, of which the kernel would read eight.
    private static unsafe void* Words<TSize>(TSize* size)
        where TSize : unmanaged => sizeof(TSize) % sizeof(long) == 0 ? size : throw new ArgumentException(
            $"A kernel's first argument is a struct of 64-bit words or a long, got {typeof(TSize).Name} with {sizeof(TSize)} bytes; write an integer as a long.");

    // First points to an argument that goes before the others, or is null.
    private unsafe void Launch(
        Kernel kernel, LaunchShape shape, void* first, ReadOnlySpan<KernelArgument> arguments, bool overlapping = false)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int offset = first is null ? 0 : 1;
        void** pointers = stackalloc void*[arguments.Length + 1];
        pointers[0] = first;
        fixed (KernelArgument* values = arguments)
        {
            for (int i = 0; i < arguments.Length; i++) pointers[i + offset] = values + i;
            if (overlapping) kernel.LaunchOverlapping(Stream, shape, pointers);
            else kernel.Launch(Stream, shape, pointers);
        }
    }
}
