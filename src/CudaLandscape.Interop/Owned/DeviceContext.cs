using System.Runtime.InteropServices;
using static CudaLandscape.Interop.DeviceAttribute;

namespace CudaLandscape.Interop;

/// <summary>A device's retained primary context, with the facts of the device.</summary>
public sealed class DeviceContext : SafeHandle
{
    private static readonly HashSet<int> KeptOpen = [];

    private readonly int device;

    private unsafe DeviceContext(DeviceId id, int device)
        : base(0, ownsHandle: true)
    {
        this.device = device;
        Id = id;
        Name = DeviceQueries.Name(device);
        DriverVersion = DeviceQueries.DriverVersion();
        MultiprocessorCount = Attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
        MaxThreadsPerBlock = Attribute(CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK);
        MaxThreadsPerMultiprocessor = Attribute(CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR);
        WarpSize = Attribute(CU_DEVICE_ATTRIBUTE_WARP_SIZE);
        LastCacheBytes = Attribute(CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE);
        MaxSharedBytesPerBlock = Attribute(CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK);
        MaxOptInSharedBytesPerBlock = Attribute(CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN);
        ComputeCapability = (Attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
            Attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR));
        if (id.Kind == DeviceKind.Cuda) KeepOpen(device);
        nint native = 0;
        CudaDriverNative.cuDevicePrimaryCtxRetain(&native, device).ThrowIfFailed();
        SetHandle(native);
        LiveHandles.Add(nameof(DeviceContext));
    }

    /// <summary>The device as it was asked for.</summary>
    public DeviceId Id { get; }

    /// <summary>The name the driver gives the device.</summary>
    public string Name { get; }

    /// <summary>The driver's CUDA version, such as 13000.</summary>
    public int DriverVersion { get; }

    /// <summary>Number of multiprocessors (softcuda: worker threads).</summary>
    public int MultiprocessorCount { get; }

    /// <summary>Most threads of one block.</summary>
    public int MaxThreadsPerBlock { get; }

    /// <summary>Most threads resident on one multiprocessor.</summary>
    public int MaxThreadsPerMultiprocessor { get; }

    /// <summary>Threads of a warp.</summary>
    public int WarpSize { get; }

    /// <summary>Bytes of the cache before device memory: L2 on a GPU, the processor's last level under softcuda.</summary>
    public int LastCacheBytes { get; }

    /// <summary>Most shared memory of one block, in bytes, unless its kernel is allowed more.</summary>
    public int MaxSharedBytesPerBlock { get; }

    /// <summary>Most shared memory that a kernel can be allowed, in bytes of a block.</summary>
    public int MaxOptInSharedBytesPerBlock { get; }

    /// <summary>The compute capability, such as (9, 0).</summary>
    public (int Major, int Minor) ComputeCapability { get; }

    /// <summary>True for soft:1, softcuda's checking device.</summary>
    public bool IsCheckDevice => Id is { Kind: DeviceKind.Soft, Ordinal: 1 };

    /// <summary>True where a block is one thread, which works on whole vectors: soft:0, softcuda's fast device.</summary>
    public bool RunsOneThreadPerBlock => MaxThreadsPerBlock == 1;

    /// <summary>True while no context is held.</summary>
    public override bool IsInvalid => handle == 0;

    /// <summary>Binds the libraries for this kind of device if none are bound, and retains its context.</summary>
    /// <exception cref="DeviceUnavailableException">There is no such device, or the process bound the other driver.
    /// </exception>
    public static DeviceContext Open(DeviceId id)
    {
        ReleaseFailures.ThrowIfAny();
        _ = NativeLibraryResolver.Bind(id);
        return new DeviceContext(id, DeviceQueries.Find(id));
    }

    /// <summary>Makes this context the calling thread's current one.</summary>
    public void MakeCurrent()
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        Enter();
    }

    /// <summary>Free and total device memory in bytes.</summary>
    public unsafe (long Free, long Total) MemoryInfo()
    {
        MakeCurrent();
        nuint free = 0;
        nuint total = 0;
        CudaDriverNative.cuMemGetInfo_v2(&free, &total).ThrowIfFailed();
        return ((long)free, (long)total);
    }

    /// <summary>Refuses work that would need more memory than is free, before it begins.</summary>
    /// <exception cref="DeviceOutOfMemoryException">Less is free.</exception>
    public void RequireMemory(long bytes)
    {
        (long free, long total) = MemoryInfo();
        if (bytes > free) throw new DeviceOutOfMemoryException(Id, "cuMemGetInfo", bytes, free, total);
    }

    /// <summary>Waits until all work of this context is done.</summary>
    public void Synchronize()
    {
        MakeCurrent();
        CudaDriverNative.cuCtxSynchronize().ThrowIfFailed();
    }

    /// <summary>For children, which hold this context open even when it has been disposed.</summary>
    internal void Enter()
    {
        ReleaseFailures.ThrowIfAny();
        CudaDriverNative.cuCtxSetCurrent(handle).ThrowIfFailed("cuCtxSetCurrent(context)");
    }

    /// <summary>As <see cref="Enter"/> without a report: if it fails, so does the release after it.</summary>
    internal void MakeCurrentForRelease() => _ = CudaDriverNative.cuCtxSetCurrent(handle);

    /// <summary>Releases the primary context; a failure is remembered for the next call.</summary>
    protected override bool ReleaseHandle() => ReleaseFailures.Settle(
        nameof(DeviceContext), CudaDriverNative.cuDevicePrimaryCtxRelease_v2(device).ReleaseFailure());

    /// <summary>
    /// Retains the primary context once more, until the process ends: NVIDIA's libraries keep state in it and do not expect it to
    /// go when its last holder does; and to make it anew would take a second.
    /// </summary>
    private static unsafe void KeepOpen(int device)
    {
        lock (KeptOpen)
        {
            if (KeptOpen.Contains(device)) return;
            nint native = 0;
            CudaDriverNative.cuDevicePrimaryCtxRetain(&native, device).ThrowIfFailed();
            _ = KeptOpen.Add(device);
        }
    }

    private int Attribute(DeviceAttribute attribute) => DeviceQueries.Attribute(device, attribute);
}
