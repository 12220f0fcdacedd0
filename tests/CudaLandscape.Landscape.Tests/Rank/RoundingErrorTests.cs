using CudaLandscape.Landscape.Rank;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Ops;

namespace CudaLandscape.Landscape.Tests.Rank;

[Collection("device")]
public sealed class RoundingErrorTests
{
    // 250 images of 9 pixels are three batches, the last a partial one.
    [Theory]
    [InlineData(int.MaxValue, 250)]
    [InlineData(130, 130)]
    public void Mean_deviation_and_largest_error_are_those_of_a_plain_loop(int most, int count)
    {
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, Pixels(250));
        double[] errors = [.. samples.Images.ToArray<float>().Take(9 * count).Select(x => 1e-3 * Math.Pow(x, 3) + 2e-4)];
        RoundingError found = RoundingError.Of(
            samples, x => x.Cast(DType.Float64), x => WithError(x.Cast(DType.Float64)), most);
        double mean = errors.Average(), deviation = Math.Sqrt(errors.Average(e => (e - mean) * (e - mean)));
        Assert.Equal(9 * count, found.Entries);
        Assert.Equal(mean, found.Mean, 1e-12);
        Assert.Equal(deviation, found.Deviation, 1e-12);
        Assert.Equal(errors.Max(), found.Largest, 1e-12);
    }

    [Fact]
    public void The_same_features_differ_by_nothing()
    {
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, Pixels(3));
        Assert.Equal(new RoundingError(27, 0, 0, 0), RoundingError.Of(samples, x => x.Cast(DType.Float64), x => x));
    }

    // Sigmoids of pixels are in [0.5, 0.74).
    [Fact]
    public void Storing_numbers_between_a_half_and_1_errs_by_a_uniform_half_unit_in_the_last_place()
    {
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, Pixels(250));
        Tensor Exact(Tensor x) => x.Cast(DType.Float64).Sigmoid();
        RoundingError stored = RoundingError.Of(samples, Exact, x => Exact(x).Cast(DType.Float32));
        Assert.InRange(stored.Deviation / RoundingError.OfStoring, 0.9, 1.1);
        Assert.InRange(stored.Largest, RoundingError.OfStoring, Math.ScaleB(1, -25));
        Assert.Equal(1.7206e-8, RoundingError.OfStoring, 1e-12);
    }

    // Computed in float32 the error is larger than stored, by what convolution and sigmoid add: 1.6e-8 to 2.5e-8 on digits.
    [Fact]
    public void Float32_features_of_the_first_layer_err_by_more_than_stored_ones()
    {
        Figure1Network exact = new(2), single = new(2);
        using ParameterSlab singleSlab = ParameterSlab.Initialize(single, TestDevices.Primary, DType.Float32, Initializer.Parse("normal=0.33"), 1);
        using ParameterSlab exactSlab = ParameterSlab.Convert(singleSlab, exact, DType.Float64);
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, ProceduralDigits.Generate(120, 1));
        Tensor Exact(Tensor x) => exact.Features1(x.Cast(DType.Float64));
        RoundingError computed = RoundingError.Of(samples, Exact, single.Features1);
        RoundingError stored = RoundingError.Of(samples, Exact, x => Exact(x).Cast(DType.Float32));
        Assert.InRange(computed.Deviation, 1e-8, 4e-8);
        Assert.InRange(stored.Deviation, 0.4e-8, 1.8e-8);
        Assert.True(computed.Deviation > stored.Deviation, $"{computed} against {stored}");
    }

    private static Tensor WithError(Tensor x) => x + x.Power(3).Scale(1e-3) + Tensor.Full(x.Device, x.Shape, x.DType, 2e-4);

    private static ImageSet Pixels(int count)
    {
        byte[] pixels = new byte[count * 9];
        new System.Random(count).NextBytes(pixels);
        return new ImageSet(pixels, new byte[count], 1, 3, 3, 1, "random", "none", isReal: false);
    }
}
