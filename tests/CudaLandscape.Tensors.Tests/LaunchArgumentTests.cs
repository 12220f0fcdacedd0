using CudaLandscape.Tensors;

namespace CudaLandscape.Tensors.Tests;

/// <summary>Arguments of kernels are 64-bit words.</summary>
[Collection("device")]
public sealed class LaunchArgumentTests
{
    [Fact]
    public void An_int_as_first_argument_is_refused_where_it_would_be_half_a_word()
    {
        using TensorScope scope = new();
        Tensor partial = Tensor.Zeros(TestDevices.Primary, [2, 32], DType.Float32), y = Tensor.Zeros(partial.Device, [2, 2], DType.Float32);
        ArgumentException refused = Assert.Throws<ArgumentException>(() => y.Device.Launch("conv2d_sum", DType.Float32, 4, 2, 2, 1, partial, y));
        Assert.Contains("got Int32 with 4 bytes; write an integer as a long", refused.Message);
        y.Device.Launch("conv2d_sum", DType.Float32, 4, 2L, 2, 1, partial, y);
    }
}
