using CudaLandscape.Interop;

namespace CudaLandscape.Tensors;

/// <summary>
/// Caches device memory between uses, since an allocation synchronises the device. Blocks are reused whole; all work of a
/// device runs on one stream, so a block may be handed out again as soon as it is returned.
/// </summary>
internal sealed class Arena(DeviceContext context, bool caches) : IDisposable
{
    private const long Granularity = 512;
    private readonly Lock _lock = new();
    private readonly SortedDictionary<long, Stack<DeviceMemory>> _free = [];

    /// <summary>Bytes handed out and not yet returned.</summary>
    public long UsedBytes { get; private set; }

    /// <summary>The largest <see cref="UsedBytes"/> so far.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>Bytes kept for reuse.</summary>
    public long CachedBytes { get; private set; }

    public DeviceMemory Rent(long bytes)
    {
        // Without the cache nothing is rounded either, so that the check device sees the exact end of every tensor.
        long size = caches ? (bytes + Granularity - 1) / Granularity * Granularity : bytes;
        lock (_lock)
        {
            DeviceMemory memory = TakeCached(size) ?? Allocate(size);
            UsedBytes += memory.Bytes;
            PeakBytes = Math.Max(PeakBytes, UsedBytes);
            return memory;
        }
    }

    public void Return(DeviceMemory memory)
    {
        lock (_lock)
        {
            UsedBytes -= memory.Bytes;
            if (caches) Cache(memory);
            else memory.Dispose();
        }
    }

    public void Trim()
    {
        lock (_lock)
        {
            foreach (Stack<DeviceMemory> blocks in _free.Values)
            {
                foreach (DeviceMemory memory in blocks) memory.Dispose();
            }

            _free.Clear();
            CachedBytes = 0;
        }
    }

    public void ResetPeak() => PeakBytes = UsedBytes;

    public void Dispose() => Trim();

    private void Cache(DeviceMemory memory)
    {
        if (!_free.TryGetValue(memory.Bytes, out Stack<DeviceMemory>? blocks)) _free[memory.Bytes] = blocks = new();
        blocks.Push(memory);
        CachedBytes += memory.Bytes;
    }

    // The smallest cached block that wastes at most a quarter.
    private DeviceMemory? TakeCached(long size)
    {
        foreach ((long bytes, Stack<DeviceMemory> blocks) in _free)
        {
            if (bytes < size) continue;
            if (bytes - size > size / 4) return null;
            if (blocks.Count == 0) continue;
            CachedBytes -= bytes;
            return blocks.Pop();
        }

        return null;
    }

    private DeviceMemory Allocate(long size)
    {
        try
        {
            return DeviceMemory.Allocate(context, size);
        }
        catch (DeviceOutOfMemoryException) when (CachedBytes > 0)
        {
            Trim();
            return DeviceMemory.Allocate(context, size);
        }
    }
}
