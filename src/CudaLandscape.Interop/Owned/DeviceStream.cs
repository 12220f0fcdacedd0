namespace CudaLandscape.Interop;

/// <summary>An ordered queue of device work, independent of the default stream. Copies and fills of nothing are no work.</summary>
public sealed class DeviceStream : DeviceObject
{
    private const uint NonBlocking = 1;

    private DeviceStream(DeviceContext context)
        : base(context, context)
    {
    }

    /// <summary>The native stream (CUstream).</summary>
    public nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return handle;
        }
    }

    /// <summary>Creates a stream.</summary>
    public static unsafe DeviceStream Create(DeviceContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        DeviceStream stream = new(context);
        nint native = 0;
        CudaResult result = CudaDriverNative.cuStreamCreate(&native, NonBlocking);
        stream.Adopt(native, result.Failure("cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING)"));
        return stream;
    }

    /// <summary>Waits until all work queued so far is done.</summary>
    public void Synchronize()
    {
        using Lease held = Enter();
        CudaDriverNative.cuStreamSynchronize(held.Value).ThrowIfFailed();
    }

    /// <summary>Lets the work queued from now on wait for an event.</summary>
    public void Wait(DeviceEvent awaited)
    {
        ArgumentNullException.ThrowIfNull(awaited);
        using Lease other = awaited.Enter();
        using Lease held = Enter();
        CudaDriverNative.cuStreamWaitEvent(held.Value, other.Value, flags: 0).ThrowIfFailed();
    }

    /// <summary>Queues a copy to the device; the caller keeps the source as it is until it has synchronised.</summary>
    public unsafe void CopyHostToDevice(ulong destination, void* source, long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        using Lease held = Enter();
        if (bytes > 0) CudaDriverNative.cuMemcpyHtoDAsync_v2(destination, source, (nuint)bytes, held.Value).ThrowIfFailed();
    }

    /// <summary>Copies to the host and returns when the data is there.</summary>
    public unsafe void CopyDeviceToHost(void* destination, ulong source, long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        using Lease held = Enter();
        if (bytes > 0) CudaDriverNative.cuMemcpyDtoHAsync_v2(destination, source, (nuint)bytes, held.Value).ThrowIfFailed();
        CudaDriverNative.cuStreamSynchronize(held.Value).ThrowIfFailed();
    }

    /// <summary>Queues a copy inside the device.</summary>
    public void CopyDeviceToDevice(ulong destination, ulong source, long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        using Lease held = Enter();
        if (bytes > 0) CudaDriverNative.cuMemcpyDtoDAsync_v2(destination, source, (nuint)bytes, held.Value).ThrowIfFailed();
    }

    /// <summary>Queues filling with one byte.</summary>
    public void Fill8(ulong destination, byte value, long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        using Lease held = Enter();
        if (bytes > 0) CudaDriverNative.cuMemsetD8Async(destination, value, (nuint)bytes, held.Value).ThrowIfFailed();
    }

    /// <summary>Queues filling with one 32-bit word, <paramref name="count"/> times.</summary>
    public void Fill32(ulong destination, uint value, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        using Lease held = Enter();
        if (count > 0) CudaDriverNative.cuMemsetD32Async(destination, value, (nuint)count, held.Value).ThrowIfFailed();
    }

    /// <summary>
    /// Starts recording: work queued from now on is not run but kept, until <see cref="EndCapture"/>. What cannot be kept
    /// (allocation unless relaxed, synchronisation, copies from or to the host) throws and invalidates the recording.
    /// </summary>
    /// <exception cref="CudaException">The stream is recording already.</exception>
    public void BeginCapture(CaptureMode mode = CaptureMode.Global)
    {
        using Lease held = Enter();
        CudaDriverNative.cuStreamBeginCapture_v2(held.Value, mode).ThrowIfFailed();
    }

    /// <summary>Ends recording. The graph holds addresses: their memory and the kernels' module must outlive its launches.
    /// </summary>
    /// <exception cref="CudaException">Nothing is being recorded, or a call between made the recording invalid.</exception>
    public unsafe CapturedGraph EndCapture()
    {
        using Lease held = Enter();
        nint graph = 0;
        CudaDriverNative.cuStreamEndCapture(held.Value, &graph).ThrowIfFailed();
        return CapturedGraph.Instantiate(Context, graph);
    }

    /// <summary>Whether this stream is recording.</summary>
    public unsafe CaptureStatus GetCaptureStatus()
    {
        using Lease held = Enter();
        CaptureStatus status = CaptureStatus.None;
        CudaDriverNative.cuStreamIsCapturing(held.Value, &status).ThrowIfFailed();
        return status;
    }

    private protected override CudaException? Destroy() =>
        CudaDriverNative.cuStreamDestroy_v2(handle).ReleaseFailure();
}
