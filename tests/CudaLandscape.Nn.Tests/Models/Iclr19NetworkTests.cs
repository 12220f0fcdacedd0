using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Nn.Tests.Models;

/// <summary>The networks of ICLR'19: counts worked out by hand, and gradients of whole networks.</summary>
[Collection("device")]
public sealed class Iclr19NetworkTests
{
    private static readonly Activation s_softplus = Activation.Softplus(20);

    [Theory]
    [InlineData(Cnn13Reading.Text, 179_840, 3_609_866)]
    [InlineData(Cnn13Reading.Table, 204_928, 3_757_450)]
    public void Cnn13_has_the_neurons_of_either_reading(Cnn13Reading reading, long neurons, long parameters)
    {
        ModelDescription model = ModelDescription.Of(new Cnn13(Activation.Sigmoid, reading), [1, 28, 28]);
        Assert.Equal((neurons, parameters), (model.HiddenNeurons, model.Parameters));
        long[] table = [50176, 50176, 12544, 25088, 25088, 6272, 12544, 12544, 4096, 4096, 1024, 1024, 256, 10];
        Assert.Equal(reading == Cnn13Reading.Table ? table : [.. table[..3], .. table[4..]], model.Widths);
    }

    [Theory]
    [InlineData(11, VggDownsampling.MaxPool, false, 151_808, 9_303_946)]
    [InlineData(13, VggDownsampling.MaxPool, false, 250_112, 9_488_458)]
    [InlineData(16, VggDownsampling.MaxPool, false, 276_736, 14_798_154)]
    [InlineData(11, VggDownsampling.MaxPool, true, 151_808, 9_303_946 + 2752)]
    [InlineData(11, VggDownsampling.StridedConvolution, false, 151_808 + 31_232, 9_303_946 + 5_494_208)]
    public void Vgg_has_the_paper_s_pool_of_neurons(int depth, VggDownsampling downsampling, bool norm, long neurons, long parameters)
    {
        Vgg network = new(depth, s_softplus, downsampling, norm);
        ModelDescription model = ModelDescription.Of(network, [3, 32, 32]);
        Assert.Equal((neurons, parameters), (model.HiddenNeurons, model.Parameters));
        Assert.Equal(neurons, NeuronPool.OfActivations(network).Count);
        Assert.Equal([10], model.Output);
    }

    [Fact]
    public void DenseNet121_has_the_counted_neurons_parameters_and_cost()
    {
        DenseNet network = new(s_softplus);
        ModelDescription model = ModelDescription.Of(network, [3, 32, 32]);
        Assert.Equal((2_056_192L, 6_956_298L, 888_350_720L), (model.HiddenNeurons, model.Parameters, model.MultiplyAdds));
        Assert.Equal(121, model.Layers.Count(l => l.Role == LayerRole.Weighted));
        Assert.Equal(6 * (128 + 32) * 32 * 32, network.FirstBlock.Count);
    }

    [Fact]
    public void The_pool_of_a_DenseNet_holds_every_neuron_of_its_first_block_once()
    {
        DenseNet network = new(Activation.Sigmoid, growth: 2, blocks: [2, 1]);
        Assert.Equal(
            [new("block1_layer1_2_act", 0, 8192), new("block1_layer2_2_act", 0, 8192), new("transition1_act", 4096, 4096)],
            network.FirstBlock.Sources);
        Assert.Equal([8, 32, 32], network["transition1_act"].Shape);
        Assert.Equal([4, 16, 16], network["transition1_pool"].Shape);
        Assert.Equal([6], network["flatten"].Shape);
    }

    // dL/dt along a random direction of all parameters at once, in Float64, against differences of the engine's own losses;
    // the step is small since maxima change over.
    [Theory]
    [InlineData("cnn13")]
    [InlineData("vgg11")]
    [InlineData("densenet")]
    public void The_gradient_of_a_whole_network_is_the_slope_of_its_loss(string name)
    {
        GraphModel model = Network(name);
        using ParameterSlab slab = ParameterSlab.Initialize(
            model, TestDevices.Primary, DType.Float64, Initializer.Parse("he_normal"), 5);
        using TensorScope scope = new();
        Tensor x = TestData.Spread([1, .. model.InputShape], 3).ToTensor(TestDevices.Primary, DType.Float64);
        Tensor labels = Tensor.From<int>(TestDevices.Primary, [1], [3]);
        Tensor start = Tensor.Zeros(TestDevices.Primary, slab.Values.Shape, DType.Float64), flat = start.Scale(1);
        start.CopyFrom(slab.Values);
        slab.Flatten(Gradient.Of(model.Forward(x).CrossEntropy(labels), slab.Tensors), flat);
        Tensor direction = flat.Scale(1 / flat.Norm().Item());
        double slope = FiniteDifferences.Richardson(t => [LossAt(t)], 1e-5);
        double expected = (flat * direction).Sum().Item();
        Assert.True(expected > 1e-4, $"a gradient of {expected} shows nothing");
        Assert.Equal(expected, slope, 1e-6 * expected);

        double LossAt(double t)
        {
            using TensorScope inner = new();
            using NoGradient noGradient = new();
            slab.Values.CopyFrom(start + direction.Scale(t));
            return model.Forward(x).CrossEntropy(labels).Item();
        }
    }

    private static GraphModel Network(string name) => name switch
    {
        "cnn13" => new Cnn13(s_softplus),
        "vgg11" => new Vgg(11, s_softplus),
        _ => new DenseNet(Activation.Sigmoid, growth: 2, blocks: [2, 1]),
    };
}
