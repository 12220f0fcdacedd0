using CudaLandscape.Interop;
using CudaLandscape.Landscape.Rank;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.Tests.Rank;

[Collection("device")]
public sealed class FeatureMatrixTests
{
    // Batches hold 1000 samples at these widths: one partial batch, whole batches only, a last partial one.
    [Theory]
    [InlineData(7, 12)]
    [InlineData(12, 7)]
    [InlineData(9, 9)]
    [InlineData(2000, 5)]
    [InlineData(2003, 5)]
    [InlineData(1003, 1010)]
    [InlineData(1003, 1003)]
    [InlineData(1, 4)]
    [InlineData(4, 1)]
    public void The_pixels_themselves_arrive_with_the_short_side_first(int count, int width)
    {
        ImageSet set = Pixels(count, width);
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, set);
        float[] pixels = samples.Images.ToArray<float>();
        List<long> batches = [];
        using Tensor matrix = FeatureMatrix.Build(samples, width, x =>
        {
            batches.Add(x.Shape[0]);
            Assert.Equal(DType.Float64, x.DType);
            return x.Reshape([x.Shape[0], width]);
        }, DType.Float64);
        Assert.Equal([Math.Min(count, width), Math.Max(count, width)], matrix.Shape);
        double[] values = matrix.ToArray<double>();
        for (int n = 0; n < count; n++)
        {
            for (int i = 0; i < width; i++)
            {
                double actual = values[count > width ? i * count + n : n * width + i];
                Assert.True(pixels[n * width + i] == actual, $"sample {n}, feature {i}: {actual}, expected {pixels[n * width + i]}");
            }
        }

        Assert.Equal(Enumerable.Range(0, (count + 999) / 1000).Select(b => (long)Math.Min(1000, count - 1000 * b)), batches);
    }

    [Theory]
    [InlineData(DType.Float64)]
    [InlineData(DType.Float32)]
    public void Rows_are_the_model_s_features_computed_in_the_asked_type(DType type)
    {
        Figure1Network model = new(1);
        using ParameterSlab slab = ParameterSlab.Initialize(model, TestDevices.Primary, type, Initializer.GlorotUniform, 1);
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, ProceduralDigits.Generate(6, 1));
        using TensorScope scope = new();
        Tensor images = samples.Images.Cast(type);
        foreach ((Func<Tensor, Tensor> features, long width) in (IEnumerable<(Func<Tensor, Tensor>, long)>)
            [(model.Features1, model.Width1), (model.Features3, Figure1Network.Width3)])
        {
            using Tensor matrix = FeatureMatrix.Build(samples, width, features, type);
            Assert.Equal((DType.Float64, 6 * width), (matrix.DType, matrix.ElementCount));
            Assert.Equal(HostArray.Read(features(images)), matrix.ToArray<double>());
        }
    }

    [Fact]
    public void Only_the_matrix_stays_in_use_and_nothing_is_recorded()
    {
        Linear linear = new("fc", 4, 3);
        using ParameterSlab slab = ParameterSlab.Initialize(linear, TestDevices.Primary, DType.Float64, Initializer.GlorotUniform, 1);
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, Pixels(1500, 4));
        long before = TestDevices.Primary.UsedBytes;
        using Tensor matrix = FeatureMatrix.Build(samples, 3, x =>
        {
            Tensor y = linear.Forward(x.Reshape([x.Shape[0], 4]));
            Assert.False(y.RequiresGradient);
            return y;
        }, DType.Float64);
        Assert.InRange(TestDevices.Primary.UsedBytes - before, FeatureMatrix.Bytes(1500, 3), FeatureMatrix.Bytes(1500, 3) * 5 / 4 + 512);
    }

    [Fact]
    public void Wrong_features_and_a_cancelled_token_leave_nothing_behind()
    {
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, Pixels(1500, 4));
        long before = TestDevices.Primary.UsedBytes;
        Assert.Throws<ArgumentException>(() => FeatureMatrix.Build(samples, 5, x => x.Reshape([x.Shape[0], 4]), DType.Float64));
        Assert.Throws<ArgumentException>(() => FeatureMatrix.Build(samples, 4, x => x, DType.Float64));
        using CancellationTokenSource source = new();
        Assert.Throws<OperationCanceledException>(() => FeatureMatrix.Build(samples, 4, x =>
        {
            source.Cancel();
            return x.Reshape([x.Shape[0], 4]);
        }, DType.Float64, source.Token));
        Assert.Equal(before, TestDevices.Primary.UsedBytes);
    }

    [SkippableFact]
    public void A_matrix_that_does_not_fit_leaves_nothing_behind()
    {
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, Pixels(1500, 400));
        long before = TestDevices.Primary.UsedBytes;
        foreach (long left in (long[])[2_000_000, 6_000_000])
        {
            using FullMemory full = new(TestDevices.Primary, left);
            Assert.Throws<DeviceOutOfMemoryException>(
                () => FeatureMatrix.Build(samples, 400, x => x.Reshape([x.Shape[0], 400]), DType.Float64));
            Assert.Equal(before, TestDevices.Primary.UsedBytes);
        }
    }

    [Fact]
    public void Bytes_are_eight_per_entry_and_do_not_wrap_around()
    {
        Assert.Equal(60000L * 67600 * 8, FeatureMatrix.Bytes(60000, 67600));
        Assert.Throws<OverflowException>(() => FeatureMatrix.Bytes(long.MaxValue / 4, 4));
    }

    private static ImageSet Pixels(int count, int width)
    {
        byte[] pixels = new byte[count * width];
        new System.Random(count + width).NextBytes(pixels);
        return new ImageSet(pixels, new byte[count], 1, 1, width, 1, "random", "none", isReal: false);
    }
}
