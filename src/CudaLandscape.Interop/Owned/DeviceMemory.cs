namespace CudaLandscape.Interop;

/// <summary>One allocation of device memory.</summary>
public sealed class DeviceMemory : DeviceObject
{
    private DeviceMemory(DeviceContext context, long bytes)
        : base(context, context) => Bytes = bytes;

    /// <summary>Size of the allocation.</summary>
    public long Bytes { get; }

    /// <summary>Device address of the first byte.</summary>
    public ulong Address
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return (ulong)handle;
        }
    }

    /// <summary>Allocates device memory.</summary>
    /// <param name="context">The context to allocate in.</param>
    /// <param name="bytes">How many bytes; more than zero.</param>
    /// <exception cref="DeviceOutOfMemoryException">The device has not that much left.</exception>
    public static unsafe DeviceMemory Allocate(DeviceContext context, long bytes)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        DeviceMemory memory = new(context, bytes);
        ulong address = 0;
        CudaResult result = CudaDriverNative.cuMemAlloc_v2(&address, (nuint)bytes);
        memory.Adopt((nint)address, AllocationFailure(result, context, bytes));
        return memory;
    }

    private protected override CudaException? Destroy() =>
        CudaDriverNative.cuMemFree_v2((ulong)handle).ReleaseFailure();

    private static unsafe CudaException? AllocationFailure(CudaResult result, DeviceContext context, long bytes)
    {
        if (result == CudaResult.CUDA_SUCCESS)
        {
            return null;
        }

        string call = $"cuMemAlloc_v2(&address, {bytes})";
        if (result != CudaResult.CUDA_ERROR_OUT_OF_MEMORY)
        {
            return result.Failure(call);
        }

        nuint free = 0;
        nuint total = 0;
        bool known = CudaDriverNative.cuMemGetInfo_v2(&free, &total) == CudaResult.CUDA_SUCCESS;
        return new DeviceOutOfMemoryException(
            context.Id, call, bytes, known ? (long)free : 0, known ? (long)total : 0);
    }
}
