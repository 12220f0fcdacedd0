using CudaLandscape.Landscape.Layers;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.Tests.Layers;

[Collection("device")]
public sealed class FullWeightsTests
{
    // Against the patches' own full weights, whose neurons are in another order: position by position, not map by map.
    [Theory]
    [InlineData(1, 5, 3, 2, 1)]
    [InlineData(2, 7, 3, 4, 2)]
    [InlineData(3, 4, 2, 1, 1)]
    public void Those_of_a_convolution_are_those_of_its_patches(int channels, int size, int kernel, int filters, int stride)
    {
        Conv2d layer = new([channels, size, size], filters, kernel, stride);
        using ParameterSlab slab = Draw(layer);
        using TensorScope scope = new();
        double[] u = FullWeights.Of(layer, [channels, size, size]).ToArray<double>();
        PatchLayer patches = PatchLayer.Image(channels, size, size, kernel, stride);
        double[][] w = [.. layer.Parameters[0].Value.ToArray<double>().Chunk(channels * kernel * kernel)];
        double[,] expected = patches.FullWeights(w);
        int positions = patches.Patches.Length;
        for (int i = 0; i < patches.Inputs; i++)
        for (int p = 0; p < positions; p++)
        for (int t = 0; t < filters; t++)
        {
            Assert.Equal(expected[i, p * filters + t], u[(i * filters + t) * positions + p], 1e-15);
        }
    }

    [Fact]
    public void Those_of_a_full_layer_are_its_transposed_weights()
    {
        Linear layer = new(4, 3);
        using ParameterSlab slab = Draw(layer);
        using TensorScope scope = new();
        double[] w = layer.Parameters[0].Value.ToArray<double>(), u = FullWeights.Of(layer, [4]).ToArray<double>();
        for (int i = 0; i < 4; i++)
        for (int h = 0; h < 3; h++)
        {
            Assert.Equal(w[h * 4 + i], u[i * 3 + h], 1e-15);
        }
    }

    [Fact]
    public void A_layer_without_weights_is_refused_by_name() =>
        Assert.Contains("MaxPool2d is no layer with weights", Assert.Throws<ArgumentException>(() => FullWeights.Of(new MaxPool2d(2), [1, 4, 4])).Message);

    private static ParameterSlab Draw(Module layer) =>
        ParameterSlab.Initialize(layer, TestDevices.Primary, DType.Float64, Initializer.Parse("normal=1"), 3);
}
