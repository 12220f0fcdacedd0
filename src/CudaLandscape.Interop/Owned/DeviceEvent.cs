namespace CudaLandscape.Interop;

/// <summary>A point in a stream that can be waited for and timed.</summary>
public sealed class DeviceEvent : DeviceObject
{
    private DeviceEvent(DeviceContext context)
        : base(context, context)
    {
    }

    /// <summary>Creates an event with timing.</summary>
    public static unsafe DeviceEvent Create(DeviceContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        DeviceEvent created = new(context);
        nint native = 0;
        CudaResult result = CudaDriverNative.cuEventCreate(&native, flags: 0);
        created.Adopt(native, result.Failure("cuEventCreate(&event, CU_EVENT_DEFAULT)"));
        return created;
    }

    /// <summary>Marks the present end of the stream's work.</summary>
    public void Record(DeviceStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using Lease other = stream.Enter();
        using Lease held = Enter();
        CudaDriverNative.cuEventRecord(held.Value, other.Value).ThrowIfFailed();
    }

    /// <summary>Waits until the recorded work is done.</summary>
    public void Synchronize()
    {
        using Lease held = Enter();
        CudaDriverNative.cuEventSynchronize(held.Value).ThrowIfFailed();
    }

    /// <summary>True when the recorded work is done; does not wait.</summary>
    public bool IsComplete()
    {
        using Lease held = Enter();
        CudaResult result = CudaDriverNative.cuEventQuery(held.Value);
        if (result == CudaResult.CUDA_ERROR_NOT_READY)
        {
            return false;
        }

        result.ThrowIfFailed("cuEventQuery(event)");
        return true;
    }

    /// <summary>Milliseconds of device time from an earlier event to this one; both must be complete.</summary>
    public unsafe float MillisecondsSince(DeviceEvent earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        using Lease start = earlier.Enter();
        using Lease end = Enter();
        float milliseconds = 0;
        CudaDriverNative.cuEventElapsedTime(&milliseconds, start.Value, end.Value).ThrowIfFailed();
        return milliseconds;
    }

    private protected override CudaException? Destroy() =>
        CudaDriverNative.cuEventDestroy_v2(handle).ReleaseFailure();
}
