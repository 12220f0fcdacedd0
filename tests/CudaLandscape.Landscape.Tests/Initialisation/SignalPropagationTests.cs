using CudaLandscape.Landscape.Initialisation;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.Tests.Initialisation;

[Collection("device")]
public sealed class SignalPropagationTests
{
    private static readonly Initializer s_gaussian = new(InitializerKind.Residual, 1);

    [Theory]
    [InlineData(10, 2.5937)]
    [InlineData(50, 2.6916)]
    public void Scaled_residual_layers_reach_the_known_factor(int depth, double expected)
    {
        SignalPropagation signal = Square(new Initializer(InitializerKind.IdentityResidual, depth), 40, depth, 16);
        Assert.Equal(depth, signal.Depth);
        Assert.True(signal.StandardError[^1] < 0.04 * expected, $"{signal.StandardError[^1]}");
        Assert.InRange(signal.Mean[^1], expected - 5 * signal.StandardError[^1], expected + 5 * signal.StandardError[^1]);
    }

    // The planted error: without the scaling the same number is passed after two layers.
    [Fact]
    public void Residual_layers_that_are_not_scaled_double_the_square_each_time()
    {
        SignalPropagation signal = Square(new Initializer(InitializerKind.IdentityResidual, 1), 40, 10, 16);
        Assert.InRange(Math.Log2(signal.Mean[^1]), 9.5, 10.5);
        Assert.True(signal.Mean[2] > 3);
    }

    [Fact]
    public void Orthogonal_layers_keep_every_length_and_a_gain_is_seen()
    {
        SignalPropagation signal = Square(new Initializer(InitializerKind.Orthogonal, 1), 16, 6, 2);
        Assert.InRange(signal.Smallest.Min(), 1 - 1e-13, 1);
        Assert.InRange(signal.Largest.Max(), 1, 1 + 1e-13);
        Assert.Equal(Math.Pow(1.01, 12), Square(new Initializer(InitializerKind.Orthogonal, 1.01), 16, 6, 1).Mean[^1], 1e-12);
    }

    [Theory]
    [InlineData(20, 60, 3)]
    [InlineData(60, 20, 1.0 / 3)]
    [InlineData(40, 40, 1)]
    public void A_Gaussian_layer_whose_rows_have_variance_1_multiplies_by_the_ratio_of_the_widths(long inputs, long outputs, double ratio)
    {
        SignalPropagation signal = SignalPropagation.Measure(TestDevices.Primary, s_gaussian, [inputs, outputs], 30, new RandomStream(4, 0));
        Assert.Equal(ratio, signal.Mean[1], 5 * signal.StandardError[1]);
        Assert.True(signal.StandardError[1] < 0.02 * ratio);
    }

    [Fact]
    public void Bad_sizes_and_lengths_beyond_float64_are_refused()
    {
        Assert.Throws<ArgumentException>(() => SignalPropagation.Measure(TestDevices.Primary, s_gaussian, [4], 1, default));
        Assert.Throws<ArgumentException>(() => SignalPropagation.Measure(TestDevices.Primary, s_gaussian, [4, 0], 1, default));
        Assert.Throws<ArgumentException>(() => SignalPropagation.Measure(TestDevices.Primary, s_gaussian, [4, 4], 0, default));
        ArithmeticException e = Assert.Throws<ArithmeticException>(() => Square(new Initializer(InitializerKind.Normal, 1e160), 4, 3, 1));
        Assert.Contains("layer 1 of 3", e.Message, StringComparison.Ordinal);
    }

    private static SignalPropagation Square(Initializer initializer, long width, int depth, int draws) => SignalPropagation.Measure(
        TestDevices.Primary, initializer, [.. Enumerable.Repeat(width, depth + 1)], draws, new RandomStream(3, 0));
}
