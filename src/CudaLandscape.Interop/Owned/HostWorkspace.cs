using System.Runtime.InteropServices;

namespace CudaLandscape.Interop;

/// <summary>Host memory for one library call; none when no bytes are asked for.</summary>
internal readonly unsafe ref struct HostWorkspace
{
    internal HostWorkspace(long bytes) => Pointer = bytes > 0 ? NativeMemory.Alloc((nuint)bytes) : null;

    /// <summary>First byte, or null.</summary>
    internal void* Pointer { get; }

    /// <summary>Frees the memory.</summary>
    public void Dispose() => NativeMemory.Free(Pointer);
}
