using CudaLandscape.Interop;
using CudaLandscape.Tensors;
using Xunit;

namespace CudaLandscape.TestKit;

/// <summary>
/// Leaves softcuda only so many free bytes until it is disposed: running out of memory, without touching any. Skips the test
/// on CUDA, where other programs share the memory.
/// </summary>
public sealed class FullMemory : IDisposable
{
    private readonly DeviceMemory _memory;

    public FullMemory(Device device, long left)
    {
        Skip.IfNot(device.Id.Kind == DeviceKind.Soft, "memory is only filled up on softcuda");
        device.TrimCache();
        (long free, _) = device.Context.MemoryInfo();
        _memory = DeviceMemory.Allocate(device.Context, free - left);
    }

    public void Dispose() => _memory.Dispose();
}
