namespace CudaLandscape.Interop;

/// <summary>The device could not give the memory that was asked for.</summary>
public sealed class DeviceOutOfMemoryException : CudaException
{
    internal DeviceOutOfMemoryException(DeviceId device, string call, long requested, long free, long total)
        : base(Text(device, requested, free, total), null)
    {
        Library = StatusChecks.DriverLibrary;
        Call = call;
        Status = (int)CudaResult.CUDA_ERROR_OUT_OF_MEMORY;
        StatusName = nameof(CudaResult.CUDA_ERROR_OUT_OF_MEMORY);
        Description = "out of memory";
        RequestedBytes = requested;
        FreeBytes = free;
        TotalBytes = total;
    }

    /// <summary>How many bytes were asked for.</summary>
    public long RequestedBytes { get; }

    /// <summary>How many bytes the device had free.</summary>
    public long FreeBytes { get; }

    /// <summary>How many bytes the device has.</summary>
    public long TotalBytes { get; }

    private static string Text(DeviceId device, long requested, long free, long total) =>
        $"{device} is out of memory: {Size(requested)} were asked for, {Size(free)} of {Size(total)} are free. "
        + "Dispose what is no longer needed, take a smaller batch or grid, or end other programs on this device.";

    private static string Size(long bytes) => bytes < 1024 * 1024
        ? FormattableString.Invariant($"{bytes} B")
        : FormattableString.Invariant($"{bytes / (1024.0 * 1024.0):F1} MiB ({bytes} B)");
}
