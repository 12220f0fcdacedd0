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

    /// <summary>Queues one launch; <paramref name="arguments"/> points to one address for each parameter.</summary>
    public unsafe void Launch(DeviceStream stream, LaunchShape shape, void** arguments)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using Lease loaded = new(module);
        using Lease queue = stream.Enter();
        CudaResult result = CudaDriverNative.cuLaunchKernel(
            function, shape.GridX, shape.GridY, shape.GridZ, shape.BlockX, shape.BlockY, shape.BlockZ,
            shape.SharedBytes, queue.Value, arguments, extra: null);
        if (result != CudaResult.CUDA_SUCCESS)
        {
            throw result.Failure($"cuLaunchKernel({Name}, {shape})")!;
        }
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    private unsafe int Attribute(FunctionAttribute attribute)
    {
        int value = 0;
        CudaResult result = CudaDriverNative.cuFuncGetAttribute(&value, attribute, function);
        result.ThrowIfFailed($"cuFuncGetAttribute(&value, {attribute}, {Name})");
        return value;
    }
}
