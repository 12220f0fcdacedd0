using CudaLandscape.Landscape.Rank;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;
using CudaLandscape.Tensors.Random;
using Xunit.Abstractions;

namespace CudaLandscape.Landscape.Tests.Linalg.Exact;

/// <summary>
/// σ_min of sigmoid features with 106 bits from the pixels on, beside float64 and float32 features: where noise makes the features
/// nearly dependent, float64 is right and float32 wrong by orders of magnitude.
/// </summary>
[Collection("device")]
public sealed class ExactTests(ITestOutputHelper output)
{
    private const int Samples = 150, Filters = 2, Side = 10, Places = 64, Width = Filters * Places;

    [Theory]
    [InlineData(1e-3, "normal=1", 1e-5, 1)]
    [InlineData(1e-5, "normal=1", 1e-3, 100)]
    [InlineData(1e-5, "normal=0.1", 2e-2, 1000)]
    public void Float64_features_have_the_true_smallest_singular_value(double noise, string weights, double relative, double float32IsOffBy)
    {
        ImageSet black = new(new byte[Samples * Side * Side], new byte[Samples], 1, Side, Side, 1, "black", "none", isReal: false);
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, black, noise, new RandomStream(1, 1UL << 50));
        Conv2d single = new("conv", [1, Side, Side], Filters, 3), exact = new("conv", [1, Side, Side], Filters, 3);
        using ParameterSlab singleSlab = ParameterSlab.Initialize(single, TestDevices.Primary, DType.Float32, Initializer.Parse(weights), 1);
        using ParameterSlab exactSlab = ParameterSlab.Convert(singleSlab, exact, DType.Float64);
        double truth = ExactMatrix.SmallestSingularValue(Features(samples.Images.ToArray<float>(), exactSlab.Tensors));
        RankResult f64 = Rank(samples, exact, DType.Float64), f32 = Rank(samples, single, DType.Float32);
        output.WriteLine($"truth {truth:E10}, float64 {f64.SigmaMin:E10}, float32 {f32.SigmaMin:E3}");
        Assert.Equal(truth, f64.SigmaMin, relative * truth);
        Assert.True(f32.SigmaMin > float32IsOffBy * truth, $"float32 {f32.SigmaMin:E3}, truth {truth:E3}");
    }

    // (1 + 2⁻⁸⁰)² - 1 = 2⁻⁷⁹ + 2⁻¹⁶⁰, of which a double keeps nothing.
    [Fact]
    public void Numbers_have_106_bits()
    {
        DoubleDouble x = (DoubleDouble)1 + Math.ScaleB(1, -80);
        Assert.Equal(Math.ScaleB(1, -79), (double)(x * x - 1), 1e-31);
        DoubleDouble third = (DoubleDouble)1 / 3, root = DoubleDouble.Sqrt(2), e = DoubleDouble.Exp(1);
        Assert.InRange((double)(third * 3 - 1), -1e-31, 1e-31);
        Assert.InRange((double)(root * root - 2), -1e-30, 1e-30);
        Assert.InRange((double)(e * DoubleDouble.Exp(-1) - 1), -1e-27, 1e-27);
        Assert.Equal((Math.E, 1.4456468917292502e-16), (e.High, e.Low), new Pair(1e-27));
    }

    // Singular values of a 2x2 triangle [1 1; 0 t]: σ_min = t / √2 to first order in t.
    [Fact]
    public void The_plain_way_finds_what_float64_cannot_hold()
    {
        double t = Math.ScaleB(1, -70);
        DoubleDouble[][] columns = [[1, 0, 0], [1, t, 0]];
        Assert.Equal(t / Math.Sqrt(2), ExactMatrix.SmallestSingularValue(columns), 1e-12 * t);
    }

    // Columns of F: σ(w·x + b) for every filter and place.
    private static DoubleDouble[][] Features(float[] pixels, Tensor[] parameters)
    {
        (double[] w, double[] b) = (parameters[0].ToArray<double>(), parameters[1].ToArray<double>());
        return [.. Enumerable.Range(0, Width).Select(f => Enumerable.Range(0, Samples).Select(n => Feature(pixels, n, w, b, f)).ToArray())];
    }

    private static DoubleDouble Feature(float[] pixels, int sample, double[] w, double[] b, int feature)
    {
        (int filter, int place) = (feature / Places, feature % Places);
        int corner = sample * Side * Side + place / 8 * Side + place % 8;
        DoubleDouble z = b[filter];
        for (int i = 0; i < 9; i++) z += (DoubleDouble)w[filter * 9 + i] * (double)pixels[corner + i / 3 * Side + i % 3];
        return (DoubleDouble)1 / (1 + DoubleDouble.Exp(-z));
    }

    private static RankResult Rank(DeviceSamples samples, Conv2d conv, DType type)
    {
        using Tensor matrix = FeatureMatrix.Build(samples, Width, x => conv.Forward(x).Sigmoid().Reshape([x.Shape[0], Width]), type);
        return MatrixRank.OfInPlace(matrix, Samples, Width);
    }

    private sealed class Pair(double tolerance) : IEqualityComparer<(double High, double Low)>
    {
        public bool Equals((double High, double Low) a, (double High, double Low) b) => a.High == b.High && Math.Abs(a.Low - b.Low) <= tolerance;

        public int GetHashCode((double High, double Low) x) => x.High.GetHashCode();
    }
}
