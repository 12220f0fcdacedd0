using CudaLandscape.Landscape.Rank;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Ops;

namespace CudaLandscape.Landscape.Tests.Rank;

[Collection("device")]
public sealed class ColumnDeviationTests
{
    // 600 images of 4 pixels are three batches, the last a partial one. 0.7 + 1e-13 x has three digits of its deviation, none by E[x²] - E[x]².
    [Theory]
    [InlineData(0, 1, 1e-12)]
    [InlineData(1e6, 1, 1e-9)]
    [InlineData(0.7, 1e-13, 2e-3)]
    public void Deviations_are_those_of_a_plain_loop_however_large_the_mean(double mean, double scale, double tolerance)
    {
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, Pixels(600));
        float[] pixels = samples.Images.ToArray<float>();
        double[] found = ColumnDeviation.Of(samples, 4, x => Affine(x.Reshape([x.Shape[0], 4]), mean, scale), DType.Float64);
        Assert.Equal(4, found.Length);
        for (int i = 0; i < 4; i++)
        {
            double[] column = [.. Enumerable.Range(0, 600).Select(n => (double)pixels[4 * n + i])];
            double average = column.Average(), expected = scale * Math.Sqrt(column.Average(x => (x - average) * (x - average)));
            Assert.Equal(expected, found[i], tolerance * expected);
        }
    }

    [Fact]
    public void A_column_that_is_the_same_for_every_sample_deviates_by_nothing()
    {
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, Pixels(300));
        Assert.Equal([0, 0, 0, 0], ColumnDeviation.Of(samples, 4, x => Affine(x.Reshape([x.Shape[0], 4]), 0.1, 0), DType.Float64));
    }

    private static Tensor Affine(Tensor x, double mean, double scale) => x.Scale(scale) + Tensor.Full(x.Device, x.Shape, x.DType, mean);

    private static ImageSet Pixels(int count)
    {
        byte[] pixels = new byte[count * 4];
        new System.Random(count).NextBytes(pixels);
        return new ImageSet(pixels, new byte[count], 1, 2, 2, 1, "random", "none", isReal: false);
    }
}
