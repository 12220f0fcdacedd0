namespace CudaLandscape.Tensors;

/// <summary>
/// The memory of a tensor whose elements are not needed any more, from which a device takes new tensors as long as they fit, first
/// fit, before it asks its arena. The memory stays until the last of them is gone.
/// </summary>
internal sealed class SpareMemory : IDisposable
{
    private const long Granularity = 512;
    private readonly Lock _lock = new();
    private readonly Tensor _lent;
    private readonly SortedList<ulong, long> _free = []; // bytes from an address on
    private int _inUse;
    private bool _ended;

    /// <summary>Lends a tensor's memory to its device; null where the device lends none, so that memory checkers see every tensor.</summary>
    /// <param name="tensor">A view or tensor, released by this.</param>
    public static SpareMemory? Lend(Tensor tensor)
    {
        if (tensor.Device.Arena.Caches && tensor.Bytes >= 2 * Granularity && tensor.Device.Spare is null) return new SpareMemory(tensor);
        tensor.Dispose();
        return null;
    }

    private SpareMemory(Tensor tensor)
    {
        _lent = tensor;
        ulong first = (tensor.Address + Granularity - 1) / Granularity * Granularity;
        _free.Add(first, (tensor.Bytes - (long)(first - tensor.Address)) / Granularity * Granularity);
        tensor.Device.Spare = this;
    }

    /// <summary>Bytes that are not in use, in as many pieces as there are.</summary>
    public long FreeBytes
    {
        get
        {
            lock (_lock) return _free.Values.Sum();
        }
    }

    /// <summary>The address of so many bytes; null where no piece has them.</summary>
    public ulong? Take(long bytes)
    {
        long size = Rounded(bytes);
        lock (_lock)
        {
            int piece = _ended ? -1 : _free.Values.ToList().FindIndex(free => free >= size);
            if (piece < 0) return null;
            (ulong address, long free) = (_free.GetKeyAtIndex(piece), _free.GetValueAtIndex(piece));
            _free.RemoveAt(piece);
            if (free > size) _free.Add(address + (ulong)size, free - size);
            _inUse++;
            return address;
        }
    }

    /// <summary>Gives back what was taken.</summary>
    public void Return(ulong address, long bytes)
    {
        lock (_lock)
        {
            _free.Add(address, Rounded(bytes));
            int piece = _free.IndexOfKey(address);
            JoinWithNext(piece);
            if (piece > 0) JoinWithNext(piece - 1);
            _inUse--;
            ReleaseAfterTheLast();
        }
    }

    /// <summary>The device takes nothing from here any more.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_ended) return;
            _ended = true;
            _lent.Device.Spare = null;
            ReleaseAfterTheLast();
        }
    }

    private static long Rounded(long bytes) => (bytes + Granularity - 1) / Granularity * Granularity;

    private void JoinWithNext(int piece)
    {
        (ulong address, long bytes) = (_free.GetKeyAtIndex(piece), _free.GetValueAtIndex(piece));
        if (piece + 1 == _free.Count || _free.GetKeyAtIndex(piece + 1) != address + (ulong)bytes) return;
        _free.SetValueAtIndex(piece, bytes + _free.GetValueAtIndex(piece + 1));
        _free.RemoveAt(piece + 1);
    }

    private void ReleaseAfterTheLast()
    {
        if (_ended && _inUse == 0) _lent.Dispose();
    }
}
