using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Checkpoints;

/// <summary>One tensor of a safetensors file, in host memory.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Type">Element type, as the format names it: <c>F32</c>.</param>
/// <param name="Shape">Sizes of the axes; none for a scalar, and a size may be 0.</param>
/// <param name="Bytes">The elements in row-major order, little-endian.</param>
public sealed record SafetensorsTensor(string Name, string Type, Shape Shape, byte[] Bytes)
{
    /// <summary>A copy of a tensor on a device; waits for the device.</summary>
    public static SafetensorsTensor Of(string name, Tensor tensor) =>
        new(name, SafetensorsType.Of(tensor.DType), tensor.Shape, tensor.ToBytes());

    /// <summary>Name, shape and type.</summary>
    public override string ToString() => $"{Name} {Shape} {Type}";
}
