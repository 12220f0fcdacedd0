using System.Runtime.InteropServices;

namespace CudaLandscape.Interop;

/// <summary>CUlaunchConfig of cuda.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe readonly struct LaunchConfig(LaunchShape shape, nint stream, LaunchAttribute* attributes, uint attributeCount)
{
    /// <summary>Grid, block and dynamic shared memory, as cuda.h has them: seven 32-bit numbers.</summary>
    public readonly LaunchShape Shape = shape;

    /// <summary>CUstream.</summary>
    public readonly nint Stream = stream;

    /// <summary>The first of <see cref="AttributeCount"/> attributes.</summary>
    public readonly LaunchAttribute* Attributes = attributes;

    /// <summary>Number of attributes.</summary>
    public readonly uint AttributeCount = attributeCount;
}

/// <summary>CUlaunchAttribute of cuda.h, with a value that is one int.</summary>
[StructLayout(LayoutKind.Explicit, Size = 72)]
internal readonly struct LaunchAttribute
{
    [FieldOffset(0)]
    private readonly int id;

    [FieldOffset(8)]
    private readonly int value;

    private LaunchAttribute(int id, int value) => (this.id, this.value) = (id, value);

    /// <summary>CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION, allowed.</summary>
    public static LaunchAttribute ProgrammaticStreamSerialization => new(6, 1);
}
