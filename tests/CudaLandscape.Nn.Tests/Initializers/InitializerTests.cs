using CudaLandscape.Nn.Initializers;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Nn.Tests.Initializers;

[Collection("device")]
public sealed class InitializerTests
{
    private const int Draws = 100_000, FanIn = 300, FanOut = 20;
    private static readonly RandomStream s_stream = new(11, 3);

    // Name, scale, bound in scales, standard deviation in scales, fourth moment in scales, part of the draws within one scale.
    public static TheoryData<string, double, double, double, double, double> Distributions => new()
    {
        { "glorot_uniform", Math.Sqrt(6.0 / (FanIn + FanOut)), 1, Math.Sqrt(1 / 3.0), 0.2, 1 },
        { "glorot_normal", Math.Sqrt(2.0 / (FanIn + FanOut)), 2, 0.8796256610342398, 1.4161891, 0.7152328 },
        { "he_normal", Math.Sqrt(2.0 / FanIn), 2, 0.8796256610342398, 1.4161891, 0.7152328 },
        { "glorot_normal_rescaled", Math.Sqrt(2.0 / (FanIn + FanOut)), 2.27369447, 1, 2.3655367, 0.6505375 },
        { "he_normal_rescaled", Math.Sqrt(2.0 / FanIn), 2.27369447, 1, 2.3655367, 0.6505375 },
        { "residual=10", Math.Sqrt(1.0 / (10 * FanIn)), double.PositiveInfinity, 1, 3, 0.6826895 },
        { "normal=0.07", 0.07, double.PositiveInfinity, 1, 3, 0.6826895 },
    };

    [Theory, MemberData(nameof(Distributions))]
    public void Draws_have_the_bound_mean_and_variance_of_their_distribution(
        string name, double scale, double bound, double deviation, double fourth, double within)
    {
        double[] z = Array.ConvertAll(Weights(name, DType.Float64), x => x / scale);
        Assert.True(z.Max(Math.Abs) <= bound, $"{name}: a draw of {z.Max(Math.Abs)} scales");
        double variance = deviation * deviation;
        AssertMean(z, 0, deviation, $"{name}: mean");
        AssertMean(Array.ConvertAll(z, x => x * x), variance, Math.Sqrt(fourth - variance * variance), $"{name}: variance");
        AssertMean(Array.ConvertAll(z, x => Math.Abs(x) <= 1 ? 1.0 : 0), within, Math.Sqrt(within * (1 - within)), $"{name}: within one scale");
    }

    [Fact]
    public void Uniform_draws_fill_their_interval_evenly()
    {
        double limit = Math.Sqrt(6.0 / (FanIn + FanOut));
        int[] bins = new int[20];
        foreach (double x in Weights("glorot_uniform", DType.Float64)) bins[(int)((x / limit + 1) * 10)]++;
        double expected = Draws / 20.0;
        Assert.All(bins, n => Assert.InRange(n, expected - 5 * Math.Sqrt(expected), expected + 5 * Math.Sqrt(expected)));
    }

    [Theory]
    [InlineData("glorot_uniform")]
    [InlineData("glorot_normal")]
    [InlineData("he_normal")]
    [InlineData("normal=0.07")]
    public void Float32_draws_are_the_rounded_float64_draws(string name)
    {
        double[] exact = Weights(name, DType.Float64), single = Weights(name, DType.Float32);
        Assert.Equal(Array.ConvertAll(exact, x => (double)(float)x), single);
    }

    [Fact]
    public void Other_seeds_and_streams_give_other_draws()
    {
        double[] first = Weights("he_normal", DType.Float64);
        Assert.Equal(first, Weights("he_normal", DType.Float64));
        foreach (RandomStream other in (RandomStream[])[s_stream with { Seed = 12 }, s_stream with { Stream = 4 }])
        {
            double[] second = Weights("he_normal", DType.Float64, other);
            Assert.True(first.Zip(second).Count(p => p.First == p.Second) < 5);
            double correlation = first.Zip(second, (a, b) => a * b).Sum() / first.Sum(a => a * a);
            Assert.InRange(correlation, -0.02, 0.02);
        }
    }

    [Theory]
    [InlineData("glorot_uniform")]
    [InlineData("glorot_normal")]
    [InlineData("he_normal")]
    public void Biases_start_at_zero(string name) => Assert.All(Biases(name), x => Assert.Equal(0, x));

    [Fact]
    public void Under_normal_biases_are_drawn_like_weights()
    {
        double[] z = Array.ConvertAll(Biases("normal=0.5"), x => x / 0.5);
        AssertMean(z, 0, 1, "mean");
        AssertMean(Array.ConvertAll(z, x => x * x), 1, Math.Sqrt(2), "variance");
    }

    [Theory]
    [InlineData("glorot_uniform")]
    [InlineData("glorot_normal")]
    [InlineData("he_normal")]
    [InlineData("normal=0.01")]
    [InlineData("normal=1E-05")]
    [InlineData("glorot_normal_rescaled")]
    [InlineData("he_normal_rescaled")]
    [InlineData("orthogonal")]
    [InlineData("orthogonal=1.5")]
    [InlineData("residual=12")]
    [InlineData("identity_residual=3")]
    public void A_name_comes_back_as_it_was_parsed(string name) => Assert.Equal(name, Initializer.Parse(name).ToString());

    [Fact]
    public void Keras_default_is_glorot_uniform() => Assert.Equal(Initializer.GlorotUniform, Initializer.Parse("glorot_uniform"));

    [Theory]
    [InlineData("")]
    [InlineData("glorot")]
    [InlineData("Glorot_uniform")]
    [InlineData("normal")]
    [InlineData("normal=")]
    [InlineData("normal=x")]
    [InlineData("normal=0")]
    [InlineData("normal=-1")]
    [InlineData("normal=NaN")]
    [InlineData("normal=1e999")]
    [InlineData("he_normal=2")]
    [InlineData("residual")]
    [InlineData("identity_residual=0")]
    [InlineData("orthogonal=")]
    public void An_unknown_name_is_answered_with_the_choices(string name)
    {
        var error = Assert.Throws<ArgumentException>(() => Initializer.Parse(name));
        Assert.Contains($"'{name}'", error.Message);
        foreach (string choice in (string[])["glorot_uniform", "glorot_normal", "he_normal", "orthogonal=G", "residual=L", "normal=S"]) Assert.Contains(choice, error.Message);
    }

    private static double[] Weights(string name, DType type, RandomStream? stream = null)
    {
        using TensorScope scope = new();
        return HostArray.Read(Initializer.Parse(name).Weights(TestDevices.Primary, [Draws / 4, 4], type, stream ?? s_stream, FanIn, FanOut));
    }

    private static double[] Biases(string name)
    {
        using TensorScope scope = new();
        return HostArray.Read(Initializer.Parse(name).Biases(TestDevices.Primary, [Draws], DType.Float64, s_stream));
    }

    // Five standard errors: the draws are fixed by the seed, so this never fails by chance once it has passed.
    private static void AssertMean(double[] x, double expected, double deviation, string what)
    {
        double allowed = 5 * deviation / Math.Sqrt(x.Length) + 1e-12;
        Assert.True(Math.Abs(x.Average() - expected) <= allowed, $"{what} is {x.Average():R}, expected {expected:R} ± {allowed:E1}");
    }
}
