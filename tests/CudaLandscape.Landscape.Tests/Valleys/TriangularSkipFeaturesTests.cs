using CudaLandscape.Landscape.Valleys;

namespace CudaLandscape.Landscape.Tests.Valleys;

/// <summary>The construction in the proof of ICLR'19, Lemma 3.2.</summary>
public sealed class TriangularSkipFeaturesTests
{
    private static readonly double s_log10Half = Math.Log10(0.5);

    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    public void Sigmoid_features_have_at_least_half_the_diagonal_s_determinant(int n)
    {
        TriangularSkipFeatures built = TriangularSkipFeatures.Sigmoid(Samples(n), Neurons(n));
        Assert.Equal(Enumerable.Range(0, n), built.Order.Order());
        Assert.All(built.Weights, alpha => Assert.True(alpha > default(CudaLandscape.Landscape.Precision.FixedPoint)));
        Assert.Equal(Math.Pow(2, -n), built.DiagonalProduct.ToDouble(), 1e-12);
        Assert.InRange(built.Log10Dominance(), -6, s_log10Half + 1e-9);
        Assert.InRange(built.RelativeDeterminant().ToDouble(), 0.5, 1.5);
    }

    // Only for bounded activations may a path go through a joined neuron.
    [Fact]
    public void A_sigmoid_s_path_may_go_through_a_joined_neuron()
    {
        PathNeuron[] neurons = Neurons(5);
        neurons[3] = neurons[3] with { Through = 0 };
        TriangularSkipFeatures built = TriangularSkipFeatures.Sigmoid(Samples(5), neurons);
        Assert.InRange(built.RelativeDeterminant().ToDouble(), 0.5, 1.5);
    }

    [Fact]
    public void Softplus_features_become_triangular_as_the_scale_grows()
    {
        double[] dominance = [.. ((double[])[2, 4, 8, 16]).Select(s => Softplus(5, s).Log10Dominance())];
        Assert.Equal(dominance.OrderDescending(), dominance);
        Assert.InRange(dominance[^1], double.NegativeInfinity, s_log10Half);
        Assert.Equal(1, Softplus(5, 16).RelativeDeterminant().ToDouble(), Math.Pow(10, dominance[^1]));
    }

    // The planted violation of condition (2): the scale then also moves the samples on the path together, and ever larger weights
    // must part them.
    [Fact]
    public void Softplus_with_a_path_through_a_joined_neuron_never_does()
    {
        double[] dominance = [.. ((double[])[0.25, 0.5, 1]).Select(s => Softplus(5, s, through: true).Log10Dominance())];
        Assert.All(dominance, d => Assert.True(d > s_log10Half, $"{d}"));
        Assert.Equal(dominance.Order(), dominance);
    }

    [Fact]
    public void Samples_that_agree_on_a_path_are_refused()
    {
        double[][] samples = Samples(5);
        samples[4] = [.. samples[1]];
        Assert.Contains("(Assumption 3.1)", Refusal(Neurons(5)));
        Assert.Contains("as many neurons as samples, 5; got 4", Refusal(Neurons(4)));

        string Refusal(PathNeuron[] neurons) => Assert.Throws<ArgumentException>(() => TriangularSkipFeatures.Sigmoid(samples, neurons)).Message;
    }

    private static TriangularSkipFeatures Softplus(int n, double scale, bool through = false)
    {
        PathNeuron[] neurons = Neurons(n);
        if (through) neurons[3] = neurons[3] with { Through = 0 };
        return TriangularSkipFeatures.Softplus(Samples(n), neurons, scale);
    }

    private static double[][] Samples(int n)
    {
        System.Random random = new(n);
        return [.. Enumerable.Range(0, n).Select(_ => Enumerable.Range(0, 4).Select(_ => random.NextDouble()).ToArray())];
    }

    private static PathNeuron[] Neurons(int n)
    {
        System.Random random = new(n + 100);
        return [.. Enumerable.Range(0, n).Select(j => new PathNeuron([.. Enumerable.Range(0, 4).Select(_ => random.NextDouble())], j % 3))];
    }
}
