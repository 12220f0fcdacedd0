using CudaLandscape.Landscape.Rank;
using CudaLandscape.Landscape.Valleys;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.Tests.Valleys;

[Collection("device")]
public sealed class Assumption31Tests
{
    [Fact]
    public void A_sigmoid_network_without_pooling_meets_both_conditions()
    {
        Assumption31 result = Check(Activation.Sigmoid);
        Assert.Equal((true, true, 6, SkipCondition.Bounded), (result.First, result.Second, result.Neurons, result.Condition));
        Assert.Equal((4, 0), (result.SharingBias, result.Normalisations));
    }

    // Joined neurons in both maps of the first layer: those of the second have no path, and only softplus needs one.
    [Fact]
    public void Softplus_needs_the_paths_that_are_missing()
    {
        Assumption31 result = Check(Activation.Softplus(20));
        Assert.Equal((true, false, SkipCondition.Softplus), (result.First, result.Second, result.Condition));
        Assert.Equal((2, 2), (result.Paths.Missing, result.Paths.MissingByNode["act2"]));
    }

    [Fact]
    public void Max_pooling_and_relu_are_named_as_not_analytic()
    {
        Vgg vgg = new(11, Activation.Sigmoid);
        Assumption31 pooled = Assumption31.Check(vgg, NeuronPool.OfActivations(vgg), [0, 70_000]);
        Assert.Equal(["pool1", "pool2", "pool3", "pool4", "pool5"], pooled.NotAnalytic);
        Assumption31 relu = Check(Activation.Relu);
        Assert.Equal((false, false), (relu.First, relu.Second));
        Assert.Equal(["act1", "act2"], relu.NotAnalytic);
    }

    [Fact]
    public void Tanh_has_another_limit_and_identity_is_unbounded()
    {
        Assert.Equal((true, false), (Check(Activation.Tanh).First, Check(Activation.Tanh).Second));
        Assert.Equal((true, false), (Check(Activation.Identity).First, Check(Activation.Identity).Second));
    }

    [Fact]
    public void A_bias_per_neuron_is_shared_with_nobody() => Assert.Equal(0, Check(Activation.Sigmoid, BiasKind.Neuron).SharingBias);

    // Two images of one colour each: all patches of the two differ, the activation is a sigmoid, and yet the neurons of a map that lie
    // inside are equal, so that Ψ has rank 1 whatever the weights, where they have one bias together. With a bias each the rank is 2.
    [Theory]
    [InlineData(BiasKind.Shared, 1)]
    [InlineData(BiasKind.Neuron, 2)]
    public void One_bias_per_map_breaks_the_lemma_on_images_of_one_colour(object bias, int rank)
    {
        Sequential model = Model(Activation.Sigmoid, (BiasKind)bias);
        float[] images = [.. Enumerable.Repeat(0.3f, 36), .. Enumerable.Repeat(0.8f, 36)];
        Assert.True(PatchAgreement.Count(images, FirstLayerPatches.Of(model)).None);
        int[] inside = [7, 8];
        Assumption31 result = Assumption31.Check(model, NeuronPool.OfActivations(model), inside);
        Assert.True(result.First && result.Second);
        Assert.Equal((BiasKind)bias == BiasKind.Shared ? 2 : 0, result.SharingBias);
        using TensorScope scope = new();
        using ParameterSlab slab = ParameterSlab.Initialize(model, TestDevices.Primary, DType.Float64, new Initializer(InitializerKind.Normal, 1), 3);
        Tensor x = Tensor.From<float>(TestDevices.Primary, [2, 1, 6, 6], images).Cast(DType.Float64);
        Tensor psi = ModelFeatures.Of(model, x, "act1").Gather(Tensor.From<int>(TestDevices.Primary, [2], inside));
        Assert.Equal(rank, MatrixRank.Of(psi).Rank);
    }

    private static Assumption31 Check(Activation activation, BiasKind bias = BiasKind.Shared)
    {
        Sequential model = Model(activation, bias);
        return Assumption31.Check(model, NeuronPool.OfActivations(model), [3, 10, 40, 50, 80, 110]);
    }

    // Places 0 to 71 are the first layer's, the next 36 and 36 the maps of the second.
    private static Sequential Model(Activation activation, BiasKind bias) => new(
        [1, 6, 6], ("conv1", new Conv2d([1, 6, 6], 2, 3, pad: 1, bias: bias)), ("act1", activation),
        ("conv2", new Conv2d([2, 6, 6], 2, 3, pad: 1, bias: bias)), ("act2", activation), ("rows", new Flatten()), ("output", new Linear(72, 3)));
}
