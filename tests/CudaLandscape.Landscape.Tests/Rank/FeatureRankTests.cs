using CudaLandscape.Landscape.Rank;
using CudaLandscape.Landscape.Tests.Linalg;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.Tests.Rank;

/// <summary>Ranks of features whose rank is known, and what float32 does to one.</summary>
[Collection("device")]
public sealed class FeatureRankTests
{
    // Filters w_t of 3x3 are polynomials of degree 2 in each variable, their 8x8 positions the multiples a w_t with a of degree
    // 7: a space of 100 polynomials of degree 9. Two filters share those with a w_1 = b w_2, a of degree 5: 128 - 36 = 92; three
    // share enough to fill the space. The bias adds one where there is room: 64, 92 + 1, 100 + 1.
    [Theory]
    [InlineData(1, BiasKind.Shared, 64)]
    [InlineData(2, BiasKind.Shared, 93)]
    [InlineData(3, BiasKind.Shared, 101)]
    [InlineData(3, BiasKind.Neuron, 101)]
    public void A_convolution_without_activation_has_the_rank_of_its_polynomials(int t1, BiasKind bias, int rank)
    {
        byte[] pixels = new byte[300 * 100];
        new System.Random(5).NextBytes(pixels);
        ImageSet set = new(pixels, new byte[300], 1, 10, 10, 1, "random", "none", isReal: false);
        Conv2d conv = new("conv", [1, 10, 10], t1, 3, bias: bias);
        using ParameterSlab slab = ParameterSlab.Initialize(conv, TestDevices.Primary, DType.Float64, Initializer.Parse("normal=1"), 2);
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, set);
        using Tensor matrix = FeatureMatrix.Build(samples, 64 * t1, x => conv.Forward(x).Reshape([x.Shape[0], 64 * t1]), DType.Float64);
        RankResult result = MatrixRank.OfInPlace(matrix, 300, 64 * t1);
        Assert.Equal((rank, rank), (result.RankLow, result.Rank));
    }

    // Images that come again, in other batches and at other places of them, have the very same features.
    [Fact]
    public void Images_that_come_again_cost_one_rank_each()
    {
        const int count = 1030;
        byte[] pixels = new byte[count * 784];
        new System.Random(6).NextBytes(pixels);
        foreach ((int from, int to) in (IEnumerable<(int, int)>)[(3, 1017), (999, 1000), (500, 501), (0, 1029), (3, 77)])
            Array.Copy(pixels, from * 784, pixels, to * 784, 784);
        ImageSet set = new(pixels, new byte[count], 1, 28, 28, 1, "random", "none", isReal: false);
        Conv2d conv = new("conv", [1, 28, 28], 2, 3);
        using ParameterSlab slab = ParameterSlab.Initialize(conv, TestDevices.Primary, DType.Float64, Initializer.Parse("normal=1"), 3);
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, set);
        using Tensor matrix = FeatureMatrix.Build(samples, 1352, x => conv.Forward(x).Sigmoid().Reshape([x.Shape[0], 1352]), DType.Float64);
        RankResult result = MatrixRank.OfInPlace(matrix, count, 1352);
        Assert.Equal((count - 5, count - 5, count - 5), (result.RankLow, result.Rank, result.RankHigh));
    }

    // Black images with noise of 1e-5, where sigmoid is a line but for 1e-16: two filters on 12x12 pixels have the rank
    // 200 - 64 + 1 by their polynomials, until float32's rounding makes every feature independent of the others.
    [Fact]
    public void Float32_features_lift_small_singular_values_by_orders_of_magnitude()
    {
        Conv2d single = new("conv", [1, 12, 12], 2, 3), exact = new("conv", [1, 12, 12], 2, 3);
        using ParameterSlab singleSlab = ParameterSlab.Initialize(single, TestDevices.Primary, DType.Float32, Initializer.GlorotUniform, 1);
        using ParameterSlab exactSlab = ParameterSlab.Convert(singleSlab, exact, DType.Float64);
        ImageSet black = new(new byte[400 * 144], new byte[400], 1, 12, 12, 1, "black", "none", isReal: false);
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, black, 1e-5, new RandomStream(1, 1UL << 50));
        RankResult f32 = SigmoidRank(samples, single, DType.Float32), f64 = SigmoidRank(samples, exact, DType.Float64);
        Assert.Equal((137, 137, 200), (f64.RankLow, f64.Rank, f32.RankLow));
        Assert.True(f32.SigmaMin > 1e4 * f64.SigmaMin, $"float32 {f32.SigmaMin:E2}, float64 {f64.SigmaMin:E2}");
        RoundingError rounding = RoundingError.Of(
            samples, x => exact.Forward(x.Cast(DType.Float64)).Sigmoid(), x => single.Forward(x).Sigmoid());
        Assert.InRange(f32.SigmaMin / NoiseFloor.Of(400, 200, rounding.Deviation), 0.3, 3);
        Assert.Equal(f64.SigmaMax, f32.SigmaMax, 1e-6 * f64.SigmaMax);
    }

    [Theory]
    [InlineData(400, 100, 1e-3, 1e-2)]
    [InlineData(100, 400, 1e-3, 1e-2)]
    [InlineData(67600, 60000, 2.4e-8, 3.61225e-7)]
    [InlineData(50, 50, 1, 0)]
    public void The_noise_floor_is_that_of_Marchenko_and_Pastur(long rows, long columns, double deviation, double expected) =>
        Assert.Equal(expected, NoiseFloor.Of(rows, columns, deviation), 1e-3 * expected);

    [Fact]
    public void Independent_noise_reaches_its_floor()
    {
        System.Random random = new(1);
        double[] noise = [.. Enumerable.Range(0, 800 * 200).Select(_ => MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1e-3))];
        double floor = NoiseFloor.Of(800, 200, 1e-3);
        Assert.InRange(RankTests.Of(new HostArray([800, 200], noise)).SigmaMin, 0.95 * floor, 1.1 * floor);
    }

    private static RankResult SigmoidRank(DeviceSamples samples, Conv2d conv, DType type)
    {
        using Tensor matrix = FeatureMatrix.Build(samples, 200, x => conv.Forward(x).Sigmoid().Reshape([x.Shape[0], 200]), type);
        return MatrixRank.OfInPlace(matrix, samples.Count, 200);
    }
}
