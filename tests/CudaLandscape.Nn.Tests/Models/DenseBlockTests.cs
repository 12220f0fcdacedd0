using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Nn.Tests.Models;

/// <summary>
/// Dense blocks whose concatenations share a buffer, with fused normalisations, against the same network layer by layer: under
/// <see cref="AnomalyMode"/> nothing is shared or fused.
/// </summary>
[Collection("device")]
public sealed class DenseBlockTests : IDisposable
{
    private readonly DenseNet _network = new(Activation.Softplus(5), growth: 2, blocks: [3, 2]);
    private readonly ParameterSlab _slab;

    public DenseBlockTests() =>
        _slab = ParameterSlab.Initialize(_network, Device, DType.Float64, Initializer.GlorotUniform, 3);

    private static Device Device => TestDevices.Primary;

    public void Dispose() => _slab.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_layer_has_the_values_it_has_alone(bool training)
    {
        _network.IsTraining = training;
        using TensorScope scope = new();
        string[] names = [.. _network.Nodes.Select(n => n.Name)];
        Tensor[] together = _network.Features(names, Images()), alone;
        using (new AnomalyMode()) alone = _network.Features(names, Images());
        for (int i = 0; i < names.Length; i++)
        {
            Assert.Equal(alone[i].Shape, together[i].Shape);
            Close.ToScale(alone[i].ToArray<double>(), together[i].ToArray<double>(), 1e-12, 1, names[i]);
        }

        Close.ToScale(alone[_network.Output.Index].ToArray<double>(), _network.Forward(Images()).ToArray<double>(), 1e-12, 1, "fused");
    }

    [Fact]
    public void Gradients_and_products_with_the_Hessian_are_those_of_the_layers_alone()
    {
        using TensorScope scope = new();
        Tensor x = Images().RequireGradient();
        Tensor[] at = [.. _slab.Tensors, x];
        Tensor[] vs = [.. at.Select((t, i) => TestData.Spread(t.Shape, 40 + i).ToTensor(Device, DType.Float64))];
        Tensor[][] expected;
        using (new AnomalyMode()) expected = Derivatives(x, at, vs);
        Tensor[][] actual = Derivatives(x, at, vs);
        for (int order = 0; order < actual.Length; order++)
        {
            for (int i = 0; i < at.Length; i++)
                Close.ToScale(expected[order][i].ToArray<double>(), actual[order][i].ToArray<double>(), 1e-9, 1, $"{order}, {at[i].Name}");
        }
    }

    // What a reader of a layer in the middle of the block makes of it, and its gradient, are not touched by what is written behind it.
    [Fact]
    public void Whoever_else_reads_a_layer_of_the_block_sees_its_own_channels()
    {
        using TensorScope scope = new();
        Tensor x = Images();
        Tensor first = Tops(x)[0], alone;
        using (new AnomalyMode()) alone = Tops(x)[0];
        Assert.Equal([2, 6, 32, 32], first.Shape);
        Close.ToScale(alone.ToArray<double>(), first.ToArray<double>(), 1e-12, 1, "values");
        Tensor[] fused = Gradient.Of(Loss(Tops(x)), _slab.Tensors), apart;
        using (new AnomalyMode()) apart = Gradient.Of(Loss(Tops(x)), _slab.Tensors);
        for (int i = 0; i < fused.Length; i++)
            Close.ToScale(apart[i].ToArray<double>(), fused[i].ToArray<double>(), 1e-10, 1, _slab.Parameters[i].Name);

        Tensor[] Tops(Tensor x) => _network.Features(["block1_layer1_join", "output"], x);

        static Tensor Loss(Tensor[] tops) => tops[0].Square().Sum() + tops[1].Square().Sum();
    }

    // Each concatenation of its own would be 8 + 10 + 12 channels in the first block beside those of the layers.
    [Fact]
    public void A_block_keeps_one_buffer()
    {
        DenseNet network = new(Activation.Sigmoid, growth: 8, blocks: [6]);
        using ParameterSlab slab = ParameterSlab.Initialize(network, Device, DType.Float64, Initializer.GlorotUniform, 3);
        long shared = Peak(network, slab), alone;
        using (new AnomalyMode()) alone = Peak(network, slab);
        // The sums of channels 16 + 24 + … + 64 for concatenations, for what is centred and for what is normalised.
        long saved = 2L * 32 * 32 * sizeof(double) * (24 + 32 + 40 + 48 + 56 + 64);
        Assert.True(alone - shared > saved, $"{alone - shared} bytes less than {alone}; the concatenations have {saved}");
    }

    private static long Peak(DenseNet network, ParameterSlab slab)
    {
        using TensorScope scope = new();
        Tensor x = Images();
        Device.ResetPeak();
        long before = Device.PeakBytes;
        Gradient.Of(network.Forward(x).Square().Sum(), slab.Tensors);
        return Device.PeakBytes - before;
    }

    private Tensor[][] Derivatives(Tensor x, Tensor[] at, Tensor[] vs)
    {
        Tensor labels = Tensor.From<int>(Device, [2], [3, 7]);
        Tensor loss = _network.Forward(x).CrossEntropy(labels);
        return [Gradient.Of(loss, at), Gradient.HessianVectorProduct(loss, at, vs)];
    }

    private static Tensor Images() => TestData.Spread([2, 3, 32, 32], 11).ToTensor(Device, DType.Float64);
}
