using CudaLandscape.Interop;

namespace CudaLandscape.Tensors;

/// <summary>A piece of device memory shared by tensors, views and the tape; returned by its last owner to where it came from.</summary>
internal sealed class Storage
{
    private readonly DeviceMemory? _memory; // from the arena
    private readonly SpareMemory? _spare;
    private readonly ulong _address;
    private int _owners = 1;

    public Storage(Device device, DeviceMemory memory) => (Device, Bytes, _memory) = (device, memory.Bytes, memory);

    public Storage(Device device, long bytes, SpareMemory spare, ulong address) =>
        (Device, Bytes, _spare, _address) = (device, bytes, spare, address);

    public Device Device { get; }

    public ulong Address => _memory?.Address ?? _address;

    public long Bytes { get; }

    /// <summary>Whether only one handle, view or tape has it.</summary>
    public bool HasOneOwner => Volatile.Read(ref _owners) == 1;

    public Storage Retain()
    {
        if (Interlocked.Increment(ref _owners) > 1) return this;
        throw new ObjectDisposedException(nameof(Storage), "This device memory has already been returned to the arena.");
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _owners) != 0) return;
        if (_memory is not null) Device.Arena.Return(_memory);
        else _spare!.Return(_address, Bytes);
    }
}
