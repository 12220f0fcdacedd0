using CudaLandscape.Landscape.Spectrum;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.Tests.Spectrum;

[Collection("device")]
public sealed class SpectralDensityTests
{
    private const int Size = 80;

    [Fact]
    public void Moments_and_shares_are_those_of_the_dense_spectrum_within_their_errors()
    {
        using TensorScope scope = new();
        (Tensor matrix, double[] values) = LanczosTests.Symmetric(Size, 7);
        SpectralDensity density = SpectralDensity.Estimate(SymmetricOperator.Of(matrix), 40, 20, new RandomStream(1, 0));
        for (int power = 1; power <= 4; power++)
        {
            (double value, double error) = density.Mean(t => Math.Pow(t, power));
            double expected = values.Average(v => Math.Pow(v, power));
            Assert.InRange(value, expected - 5 * error, expected + 5 * error);
            Assert.True(error < 0.15 * values.Average(v => Math.Pow(Math.Abs(v), power)), $"power {power}: error {error}");
        }

        Assert.Equal(values.Count(v => v < 0) / (double)Size, density.ShareBelow(0), 0.05);
        Assert.Equal((0, 1), (density.ShareBelow(values[0] - 1), Math.Round(density.ShareBelow(values[^1] + 1), 12)));
    }

    [Fact]
    public void The_smoothed_density_is_that_of_the_dense_spectrum_and_integrates_to_one()
    {
        using TensorScope scope = new();
        (Tensor matrix, double[] values) = LanczosTests.Symmetric(Size, 8);
        SpectralDensity density = SpectralDensity.Estimate(SymmetricOperator.Of(matrix), 40, 40, new RandomStream(2, 0));
        const double deviation = 0.6, step = 0.1;
        double integral = 0, distance = 0;
        for (double t = values[0] - 3; t < values[^1] + 3; t += step)
        {
            double expected = values.Average(v => Math.Exp(-0.5 * Math.Pow((t - v) / deviation, 2)) / (deviation * Math.Sqrt(2 * Math.PI)));
            integral += step * density.At(t, deviation);
            distance += step * Math.Abs(density.At(t, deviation) - expected);
        }

        Assert.Equal(1, integral, 1e-6);
        Assert.True(distance < 0.1, $"{distance}");
    }

    [Fact]
    public void The_measure_of_a_multiple_of_the_identity_is_one_point()
    {
        using TensorScope scope = new();
        SymmetricOperator three = new(TestDevices.Primary, 50, v => v.Scale(3));
        (double mean, double error) = SpectralDensity.Estimate(three, 4, 5, new RandomStream(3, 0)).Mean(t => t * t);
        Assert.Equal((9, 0), (Math.Round(mean, 12), Math.Round(error, 12)));
        Assert.Throws<ArgumentOutOfRangeException>(() => SpectralDensity.Estimate(three, 1, 5, default));
    }
}
