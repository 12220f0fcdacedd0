using System.Runtime.InteropServices;

namespace CudaLandscape.Tensors;

/// <summary>One eight-byte kernel argument: a 64-bit integer, a double, or the address of a tensor.</summary>
[StructLayout(LayoutKind.Explicit, Size = 8)]
public readonly struct KernelArgument
{
    [FieldOffset(0)]
    private readonly long _integer;

    [FieldOffset(0)]
    private readonly double _number;

    private KernelArgument(long integer) => _integer = integer;

    private KernelArgument(double number) => _number = number;

    /// <summary>An <c>int64_t</c> parameter.</summary>
    public static implicit operator KernelArgument(long value) => new(value);

    /// <summary>A <c>double</c> parameter.</summary>
    public static implicit operator KernelArgument(double value) => new(value);

    /// <summary>A pointer parameter.</summary>
    public static implicit operator KernelArgument(Tensor tensor) => new(unchecked((long)tensor.Address));
}
