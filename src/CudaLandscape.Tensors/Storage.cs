using CudaLandscape.Interop;

namespace CudaLandscape.Tensors;

/// <summary>A piece of device memory shared by tensors, views and the tape; returned to the arena by its last owner.</summary>
internal sealed class Storage(Device device, DeviceMemory memory)
{
    private int _owners = 1;

    public Device Device { get; } = device;

    public ulong Address => memory.Address;

    public long Bytes => memory.Bytes;

    /// <summary>Whether only one handle, view or tape has it.</summary>
    public bool HasOneOwner => Volatile.Read(ref _owners) == 1;

    public Storage Retain()
    {
        if (Interlocked.Increment(ref _owners) > 1) return this;
        throw new ObjectDisposedException(nameof(Storage), "This device memory has already been returned to the arena.");
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _owners) == 0) Device.Arena.Return(memory);
    }
}
