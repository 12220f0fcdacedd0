using CudaLandscape.Landscape.Expressivity;
using CudaLandscape.Landscape.Layers;

namespace CudaLandscape.Landscape.Tests.Expressivity;

public sealed class TriangularFeaturesTests
{
    [Theory]
    [InlineData(3, 2)]
    [InlineData(10, 4)]
    [InlineData(16, 7)]
    public void Each_neuron_is_on_for_its_sample_and_off_for_those_that_are_left(int n, int filters)
    {
        (double[][] samples, PatchLayer layer, double[] filter) = Problem(n);
        TriangularFeatures built = TriangularFeatures.Construct(samples, layer, filters, filter, margin: 20);
        Assert.Equal(Enumerable.Range(0, n), built.Order.Order());
        for (int h = 0; h < n; h++)
        {
            for (int i = h; i < n; i++)
            {
                double g = built.Steepness * Product(samples[built.Order[i]], layer.Patches[h / filters], filter) + built.Biases[h];
                Assert.True(i == h ? g > 19.99 : g < -19.99, $"neuron {h}, sample {i} in their order: {g}");
            }
        }
    }

    [Fact]
    public void Two_samples_that_agree_on_a_patch_break_the_construction()
    {
        (double[][] samples, PatchLayer layer, double[] filter) = Problem(6);
        samples[4] = [.. samples[1]];
        Assert.Contains("(Assumption 3.1)", Assert.Throws<ArgumentException>(() => TriangularFeatures.Construct(samples, layer, 3, filter)).Message);
    }

    [Fact]
    public void A_layer_with_fewer_neurons_than_samples_is_refused()
    {
        (double[][] samples, PatchLayer layer, double[] filter) = Problem(9);
        Assert.Contains("4 neurons are fewer than 9", Assert.Throws<ArgumentException>(() => TriangularFeatures.Construct(samples, layer, 1, filter)).Message);
    }

    private static double Product(double[] sample, int[] patch, double[] filter) => patch.Select((k, i) => filter[i] * sample[k]).Sum();

    private static (double[][] Samples, PatchLayer Layer, double[] Filter) Problem(int n)
    {
        System.Random random = new(n);
        PatchLayer layer = PatchLayer.Image(1, 4, 4, 3);
        double[][] samples = [.. Enumerable.Range(0, n).Select(_ => Enumerable.Range(0, 16).Select(_ => random.NextDouble()).ToArray())];
        return (samples, layer, [.. Enumerable.Range(0, 9).Select(_ => random.NextDouble() - 0.5)]);
    }
}
