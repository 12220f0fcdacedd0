using CudaLandscape.Landscape.Interpolation;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.Tests.Interpolation;

/// <summary>ICLR'19, Theorem 3.3.1: with as many skip connections as samples any labels are fitted.</summary>
[Collection("device")]
public sealed class ExactReadoutTests
{
    private const int Samples = 120;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Random_weights_fit_any_labels_without_an_error(bool shuffled)
    {
        ImageSet set = ProceduralShapes.Generate(Samples, 1);
        if (shuffled) set = new ImageSet(set.Pixels, [.. Enumerable.Range(0, Samples).Select(i => (byte)(i * i % 7))], 3, 32, 32, 10, "shuffled", "none", false);
        using DeviceSamples train = DeviceSamples.Upload(TestDevices.Primary, set);
        using DeviceSamples test = DeviceSamples.Upload(TestDevices.Primary, ProceduralShapes.Generate(200, 2));
        using SkipNetwork network = Network(Samples);
        using ParameterSlab slab = Draw(network, DType.Float64);
        using ExactReadout readout = ExactReadout.Fit(new FrozenNeurons(network), train);
        Assert.Equal(0, readout.Errors(train));
        Assert.InRange(readout.Residual, 0, 1e-6);
        Assert.InRange(readout.Errors(test), 1, 200);
        Assert.Equal([Samples, 10], readout.Weights.Shape);
    }

    [Theory]
    [InlineData(60, DType.Float64, "got 60 neurons of 120 samples")]
    [InlineData(120, DType.Float32, "in Float32")]
    public void Another_number_of_neurons_or_precision_is_refused(int neurons, DType type, string problem)
    {
        using DeviceSamples train = DeviceSamples.Upload(TestDevices.Primary, ProceduralShapes.Generate(Samples, 1));
        using SkipNetwork network = Network(neurons);
        using ParameterSlab slab = Draw(network, type);
        Assert.Contains(problem, Assert.Throws<ArgumentException>(() => ExactReadout.Fit(new FrozenNeurons(network), train)).Message);
    }

    // Assumption 3.1: what a neuron sees must differ from sample to sample, which the digits' black border does not.
    [Fact]
    public void Neurons_that_see_the_same_of_every_sample_fit_nothing()
    {
        Sequential basis = new(
            [1, 28, 28],
            ("conv1", new Conv2d([1, 28, 28], 1, 3)), ("act1", Activation.Sigmoid), ("flatten", new Flatten()), ("output", new Linear(676, 10)));
        using SkipNetwork network = new(basis, new NeuronPool([new("act1", 0, 2)]), 2, 1);
        using ParameterSlab slab = Draw(network, DType.Float64);
        using DeviceSamples train = DeviceSamples.Upload(TestDevices.Primary, ProceduralDigits.Generate(2, 1));
        Assert.Contains("singular", Assert.ThrowsAny<ArithmeticException>(() => ExactReadout.Fit(new FrozenNeurons(network), train)).Message);
    }

    private static ParameterSlab Draw(SkipNetwork network, DType type)
    {
        network.Upload(TestDevices.Primary);
        return ParameterSlab.Initialize(network, TestDevices.Primary, type, Initializer.Parse("he_normal"), 3);
    }

    private static SkipNetwork Network(int neurons)
    {
        Sequential basis = new(
            [3, 32, 32],
            ("conv1", new Conv2d([3, 32, 32], 8, 5, stride: 2)), ("act1", Activation.Sigmoid),
            ("conv2", new Conv2d([8, 14, 14], 8, 3, stride: 2)), ("act2", Activation.Sigmoid),
            ("flatten", new Flatten()), ("output", new Linear(288, 10)));
        return new SkipNetwork(basis, NeuronPool.OfActivations(basis), neurons, 5);
    }
}
