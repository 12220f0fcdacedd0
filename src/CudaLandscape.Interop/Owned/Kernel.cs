namespace CudaLandscape.Interop;

/// <summary>One kernel of a module; it lives as long as its module does.</summary>
public sealed class Kernel
{
    private readonly KernelModule module;
    private readonly nint function;

    internal Kernel(KernelModule module, string name, nint function)
    {
        this.module = module;
        this.function = function;
        Name = name;
        MaxThreadsPerBlock = Attribute(FunctionAttribute.CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK);
        RegisterCount = Attribute(FunctionAttribute.CU_FUNC_ATTRIBUTE_NUM_REGS);
        SharedBytes = Attribute(FunctionAttribute.CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES);
        LocalBytes = Attribute(FunctionAttribute.CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES);
    }

    /// <summary>The exported name.</summary>
    public string Name { get; }

    /// <summary>Most threads a block of this kernel may have.</summary>
    public int MaxThreadsPerBlock { get; }

    /// <summary>Registers of each thread.</summary>
    public int RegisterCount { get; }

    /// <summary>Static shared memory of a block, in bytes.</summary>
    public int SharedBytes { get; }

    /// <summary>Local memory of each thread, in bytes.</summary>
    public int LocalBytes { get; }

    /// <summary>Launches queued so far.</summary>
    public long LaunchCount { get; private set; }

    /// <summary>The shape of the last launch; null before the first.</summary>
    public LaunchShape? LastShape { get; private set; }

    /// <summary>Blocks of so many threads, without dynamic shared memory, that one multiprocessor holds at once.</summary>
    public unsafe int ResidentBlocks(int threads)
    {
        int blocks = 0;
        using Lease loaded = new(module);
        CudaDriverNative.cuOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, function, threads, 0).ThrowIfFailed(
            $"cuOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, {Name}, {threads}, 0)");
        return blocks;
    }

    /// <summary>
    /// Allows launches this much dynamic shared memory. Without it a block has 48 KiB, static memory included; with it at
    /// most <see cref="DeviceContext.MaxOptInSharedBytesPerBlock"/>.
    /// </summary>
    /// <exception cref="CudaException">The device has not that much.</exception>
    public void AllowDynamicShared(int bytes)
    {
        const FunctionAttribute attribute = FunctionAttribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES;
        using Lease loaded = new(module);
        CudaResult result = CudaDriverNative.cuFuncSetAttribute(function, attribute, bytes);
        if (result != CudaResult.CUDA_SUCCESS)
        {
            throw result.Failure($"cuFuncSetAttribute({Name}, {attribute}, {bytes})", $"a block of this device has at most "
                + $"{module.Context.MaxOptInSharedBytesPerBlock} B, and {SharedBytes} B of them are the kernel's static memory")!;
        }
    }

    /// <summary>Queues one launch; <paramref name="arguments"/> points to one address for each parameter.</summary>
    public unsafe void Launch(DeviceStream stream, LaunchShape shape, void** arguments)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using Lease loaded = new(module);
        using Lease queue = stream.Enter();
        Count(shape, "cuLaunchKernel", CudaDriverNative.cuLaunchKernel(
            function, shape.GridX, shape.GridY, shape.GridZ, shape.BlockX, shape.BlockY, shape.BlockZ,
            shape.SharedBytes, queue.Value, arguments, extra: null));
    }

    /// <summary>
    /// As <see cref="Launch"/>, but the kernel may begin before the one before it in the stream has ended (programmatic dependent
    /// launch, from compute capability 9.0 on): only for kernels that wait themselves, see programmatic.cuh. In a recording it
    /// makes a programmatic edge of the graph.
    /// </summary>
    public unsafe void LaunchOverlapping(DeviceStream stream, LaunchShape shape, void** arguments)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using Lease loaded = new(module);
        using Lease queue = stream.Enter();
        LaunchAttribute overlaps = LaunchAttribute.ProgrammaticStreamSerialization;
        LaunchConfig config = new(shape, queue.Value, &overlaps, attributeCount: 1);
        Count(shape, "cuLaunchKernelEx", CudaDriverNative.cuLaunchKernelEx(&config, function, arguments, extra: null));
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    private void Count(LaunchShape shape, string call, CudaResult result)
    {
        if (result != CudaResult.CUDA_SUCCESS)
        {
            // After other errors the driver may answer nothing but them.
            string reason = result == CudaResult.CUDA_ERROR_INVALID_VALUE ? ExceededLimit(shape) : string.Empty;
            throw result.Failure($"{call}({Name}, {shape})", reason)!;
        }

        LaunchCount++;
        LastShape = shape;
    }

    private string ExceededLimit(LaunchShape shape) => LaunchLimits.Exceeded(
        shape, MaxThreadsPerBlock, Attribute(FunctionAttribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES));

    private unsafe int Attribute(FunctionAttribute attribute)
    {
        int value = 0;
        CudaResult result = CudaDriverNative.cuFuncGetAttribute(&value, attribute, function);
        result.ThrowIfFailed($"cuFuncGetAttribute(&value, {attribute}, {Name})");
        return value;
    }
}
