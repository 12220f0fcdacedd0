using CudaLandscape.Interop;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Nn.Tests.Training;

[Collection("device")]
public sealed class DeviceSamplesTests
{
    private const double Rounding = 1.2e-7;

    [Fact]
    public void Pixels_become_fractions_of_255_and_labels_stay()
    {
        byte[] pixels = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        ImageSet set = new(pixels, [1, 0], 2, 8, 8, 3, "ramp", "none", isReal: false);
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, set);
        Assert.Equal([2, 2, 8, 8], samples.Images.Shape);
        Assert.Equal((DType.Float32, DType.Int32, 2, 3), (samples.Images.DType, samples.Labels.DType, samples.Count, samples.ClassCount));
        float[] values = samples.Images.ToArray<float>();
        for (int i = 0; i < 256; i++) Assert.InRange(values[i], i / 255.0 * (1 - Rounding), i / 255.0 * (1 + Rounding));
        Assert.Equal(1, values[255]);
        Assert.Equal([1, 0], samples.Labels.ToArray<int>());
    }

    [Theory]
    [InlineData(1e-5)]
    [InlineData(0.0031622776601683794)]
    [InlineData(0.25)]
    public void Noise_has_the_asked_deviation_and_no_mean(double deviation)
    {
        ImageSet black = new(new byte[128 * 784], new byte[128], 1, 28, 28, 1, "black", "none", isReal: false);
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, black, deviation, new RandomStream(1, 1UL << 50));
        double[] noise = HostArray.Read(samples.Images);
        double n = noise.Length, measured = Math.Sqrt(noise.Sum(x => x * x) / n);
        Assert.InRange(measured / deviation, 1 - 5 / Math.Sqrt(2 * n), 1 + 5 / Math.Sqrt(2 * n));
        Assert.InRange(noise.Average() / deviation, -5 / Math.Sqrt(n), 5 / Math.Sqrt(n));
        Assert.DoesNotContain(0, noise);
    }

    [Fact]
    public void Noise_is_added_only_where_it_is_asked_for()
    {
        ImageSet set = Tiny.Images(50);
        RandomStream stream = new(1, 7);
        using DeviceSamples plain = DeviceSamples.Upload(TestDevices.Primary, set), zero = DeviceSamples.Upload(TestDevices.Primary, set, 0, stream);
        using DeviceSamples noisy = DeviceSamples.Upload(TestDevices.Primary, set, 0.1, stream);
        using DeviceSamples again = DeviceSamples.Upload(TestDevices.Primary, set, 0.1, stream);
        using DeviceSamples other = DeviceSamples.Upload(TestDevices.Primary, set, 0.1, stream with { Seed = 2 });
        Assert.Equal(plain.Images.ToArray<float>(), zero.Images.ToArray<float>());
        Assert.Equal(noisy.Images.ToArray<float>(), again.Images.ToArray<float>());
        Assert.DoesNotContain(plain.Images.ToArray<float>().Zip(noisy.Images.ToArray<float>()), p => p.First == p.Second);
        Assert.DoesNotContain(other.Images.ToArray<float>().Zip(noisy.Images.ToArray<float>()), p => p.First == p.Second);
        double shift = noisy.Images.ToArray<float>().Zip(plain.Images.ToArray<float>(), (a, b) => (double)a - b).Average();
        Assert.InRange(shift, -0.012, 0.012);
    }

    [Fact]
    public void Ranges_are_views_of_consecutive_samples()
    {
        ImageSet set = Tiny.Images(10);
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, set);
        long before = TestDevices.Primary.UsedBytes;
        using TensorScope scope = new();
        Tensor images = samples.ImageRange(7, 3), labels = samples.LabelRange(7, 3);
        Assert.Equal(before, TestDevices.Primary.UsedBytes);
        Assert.Equal([3, 1, 6, 6], images.Shape);
        Assert.Equal(samples.Images.ToArray<float>()[(7 * 36)..], images.ToArray<float>());
        Assert.Equal(set.Labels[7..].Select(x => (int)x), labels.ToArray<int>());
        Assert.Throws<ArgumentOutOfRangeException>(() => samples.ImageRange(8, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => samples.LabelRange(-1, 3));
    }

    [Fact]
    public void Disposing_returns_the_memory()
    {
        long before = TestDevices.Primary.UsedBytes;
        DeviceSamples.Upload(TestDevices.Primary, Tiny.Images(100), 0.1).Dispose();
        Assert.Equal(before, TestDevices.Primary.UsedBytes);
    }

    // 2 MB of bytes, 8 MB of images: room for the first two steps, for all but the noise's result, for all but the labels.
    [SkippableTheory]
    [InlineData(1_000_000)]
    [InlineData(12_000_000)]
    [InlineData(20_000_000)]
    [InlineData(35_200_000)]
    public void Running_out_of_memory_leaves_nothing_behind(long left)
    {
        ImageSet set = new(new byte[2_000_000], new byte[2_000_000], 1, 1, 1, 2, "black", "none", isReal: false);
        long before = TestDevices.Primary.UsedBytes;
        using FullMemory full = new(TestDevices.Primary, left);
        Assert.Throws<DeviceOutOfMemoryException>(() => DeviceSamples.Upload(TestDevices.Primary, set, 0.1));
        Assert.Equal(before, TestDevices.Primary.UsedBytes);
    }
}
