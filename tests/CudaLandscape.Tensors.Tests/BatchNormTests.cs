using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Tests;

/// <summary>Statistics and hard points of batch normalisation.</summary>
[Collection("device")]
public sealed class BatchNormTests
{
    [Theory]
    [InlineData(4, 3, 5, 2)]
    [InlineData(2, 1, 1, 1)]
    public void Statistics_are_the_mean_and_the_unbiased_variance_without_a_gradient(long n, long c, long h, long w)
    {
        HostArray x = TestData.Spread([n, c, h, w], 5);
        (double[] mean, double[] variance) = Loops.ChannelStatistics(x);
        using TensorScope scope = new();
        Tensor images = x.ToTensor(TestDevices.Primary, DType.Float64).RequireGradient();
        (_, BatchNormStatistics statistics) = images.BatchNorm2dTraining(Ones(c), Ones(c));
        double factor = n * h * w / (n * h * w - 1.0);
        Close.Relative(mean, statistics.Mean.ToArray<double>(), 1e-14, "mean");
        Close.Relative(Array.ConvertAll(variance, v => factor * v), statistics.UnbiasedVariance.ToArray<double>(), 1e-14, "variance");
        Assert.False(statistics.Mean.RequiresGradient || statistics.UnbiasedVariance.RequiresGradient);
    }

    [Fact]
    public void A_constant_channel_becomes_the_bias_and_its_gradients_are_finite()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.From<double>(TestDevices.Primary, [3, 1], [7, 7, 7]).RequireGradient();
        Tensor y = x.BatchNorm2dTraining(Ones(1), Ones(1)).Y;
        Assert.Equal([1.0, 1, 1], y.ToArray<double>());
        Tensor weights = Tensor.From<double>(TestDevices.Primary, [3, 1], [1, 2, 6]);
        // Of a centred 0 only (dy - mean dy) / √ε is left.
        double scale = 1 / Math.Sqrt(1e-5);
        Close.Relative([-2 * scale, -scale, 3 * scale], Gradient.Of(y, [x], weights)[0].ToArray<double>(), 1e-12, "gradient");
    }

    [Fact]
    public void A_large_common_offset_does_not_cost_the_variance()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.From<float>(TestDevices.Primary, [4, 1], [4096, 4097, 4098, 4099]);
        Tensor one = Tensor.Full(TestDevices.Primary, [1], DType.Float32, 1), zero = Tensor.Zeros(TestDevices.Primary, [1], DType.Float32);
        double[] expected = [.. new[] { -1.5, -0.5, 0.5, 1.5 }.Select(v => v / Math.Sqrt(1.25 + 1e-5))];
        Close.Relative(expected, HostArray.Read(x.BatchNorm2dTraining(one, zero).Y), 2e-7, "y");
    }

    [Fact]
    public void Normalised_outputs_do_not_change_when_the_input_is_shifted()
    {
        using TensorScope scope = new();
        Tensor x = TestData.Spread([5, 2, 3, 3], 6).ToTensor(TestDevices.Primary, DType.Float64).RequireGradient();
        Tensor y = x.BatchNorm2dTraining(Ones(2), Ones(2)).Y;
        double[] gradient = Gradient.Of((y * y * y).Sum(), x).ToArray<double>();
        double[] perChannel = Loops.SumTo(new HostArray([5, 2, 3, 3], gradient), [2, 1, 1]).Values;
        Close.Relative([0, 0], perChannel, 1e-11, "sum of the gradient");
        Assert.Contains(gradient, g => Math.Abs(g) > 0.1);
    }

    private static Tensor Ones(long channels) => Tensor.Full(TestDevices.Primary, [channels], DType.Float64, 1);
}
