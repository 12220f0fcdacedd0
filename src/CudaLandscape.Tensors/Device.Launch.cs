using CudaLandscape.Interop;

namespace CudaLandscape.Tensors;

/// <summary>Kernels by name, and their launches.</summary>
public sealed partial class Device
{
    // Fewer elements than this per block are not worth a second worker on a device with one thread per block.
    private const long ElementsPerSingleThreadBlock = 16384;

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
