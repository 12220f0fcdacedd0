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
    private readonly Dictionary<DeviceMemory, ArenaPool> _owners = [];
    private ArenaPool? _pool;

    /// <summary>Whether memory is kept and handed out again.</summary>
    public bool Caches => caches;

    /// <summary>Whether memory now comes from a pool and goes back to it.</summary>
    public bool HasPool => _pool is not null;

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
            DeviceMemory memory = _pool is null ? TakeCached(size) ?? Allocate(size) : TakePooled(_pool, size);
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
            if (_owners.TryGetValue(memory, out ArenaPool? owner)) owner.Return(memory);
            else Release(memory);
        }
    }

    /// <summary>From now on memory comes from the pool, which grows as needed, and goes back to it; null ends that.</summary>
    public void Use(ArenaPool? pool)
    {
        lock (_lock) _pool = pool;
    }

    /// <summary>Gives the pool's memory up; blocks still in use follow when they are returned.</summary>
    public void Dissolve(ArenaPool pool)
    {
        lock (_lock)
        {
            foreach (DeviceMemory memory in pool.Blocks) _owners.Remove(memory);
            foreach (DeviceMemory memory in pool.FreeBlocks) Release(memory);
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

    private DeviceMemory TakePooled(ArenaPool pool, long size)
    {
        if (pool.Take(size) is { } free) return free;
        DeviceMemory memory = TakeCached(size) ?? Allocate(size);
        pool.Add(memory, size);
        _owners[memory] = pool;
        return memory;
    }

    private void Release(DeviceMemory memory)
    {
        if (caches) Cache(memory);
        else memory.Dispose();
    }

    private void Cache(DeviceMemory memory)
    {
        if (!_free.TryGetValue(memory.Bytes, out Stack<DeviceMemory>? blocks)) _free[memory.Bytes] = blocks = new();
        blocks.Push(memory);
        CachedBytes += memory.Bytes;
    }

    // The smallest cached block that wastes at most a quarter.
    private DeviceMemory? TakeCached(long size)
    {
        if (_free.TryGetValue(size, out Stack<DeviceMemory>? exact) && exact.TryPop(out DeviceMemory? memory))
        {
            CachedBytes -= size;
            return memory;
        }

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
