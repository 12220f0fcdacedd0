using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Nn.Tests.Graph;

/// <summary>Convolutions that run together with their activation give what the layers give one by one.</summary>
[Collection("device")]
public sealed class FusedActivationsTests
{
    private static readonly HostArray s_x = TestData.Spread([3, 2, 6, 5], 31);

    public static TheoryData<string> Activations => ["Sigmoid", "Tanh", "Relu", "Identity", "Softplus"];

    [SkippableTheory, MemberData(nameof(Activations))]
    public void Values_have_the_bits_of_the_layers_and_gradients_agree(string activation)
    {
        Softcuda.Require();
        using Case c = new(Named(activation), TestDevices.Check);
        Tensor apart = c.Apart();
        byte[] expectedBytes = apart.ToBytes();
        long before = Softcuda.LaunchCount("conv2d_fprop_bias_activation_f64");
        Tensor fused = c.Model.Forward(c.X);
        Assert.Equal(expectedBytes, fused.ToBytes());
        Assert.Equal(2, Softcuda.LaunchCount("conv2d_fprop_bias_activation_f64") - before);
        Tensor[] expected = Gradient.Of((apart * apart).Sum(), c.Slab.Tensors), actual = Gradient.Of((fused * fused).Sum(), c.Slab.Tensors);
        for (int i = 0; i < expected.Length; i++)
            Close.ToScale(expected[i].ToArray<double>(), actual[i].ToArray<double>(), 1e-14, 1e-3, c.Model.Parameters[i].Name);
    }

    // Each asks for something that the fused op does not leave behind.
    [Fact]
    public void A_convolution_that_is_asked_for_is_there()
    {
        using Case c = new(Activation.Sigmoid, TestDevices.Primary);
        Tensor convolved = c.X.Conv2d(c.Slab.Tensors[0], 1, 1) + c.Slab.Tensors[1];
        Tensor[] features = c.Model.Features(["conv1", "act1"], c.X);
        Assert.Equal(convolved.ToBytes(), features[0].ToBytes());
        Assert.Equal(convolved.Sigmoid().ToBytes(), features[1].ToBytes());
        Assert.Equal(convolved.ToBytes(), c.Model.Features("conv1", c.X).ToBytes());
    }

    [Fact]
    public void A_convolution_that_two_layers_read_is_there_for_both()
    {
        GraphBuilder graph = new([2, 6, 5]);
        Node convolution = graph.Add("conv", new Conv2d(graph.Input.Shape, 3, 3, 1, 1), graph.Input);
        GraphModel model = graph.Build(graph.Add("sum", new AddJoin(), convolution, graph.Add("act", Activation.Tanh, convolution)));
        using ParameterSlab slab = SmallGraph.Draw(model);
        using TensorScope scope = new();
        Tensor x = s_x.ToTensor(TestDevices.Primary, DType.Float64), z = x.Conv2d(slab.Tensors[0], 1, 1) + slab.Tensors[1];
        Assert.Equal((z + z.Tanh()).ToBytes(), model.Forward(x).ToBytes());
    }

    [Fact]
    public void A_value_that_is_not_finite_is_found_in_the_convolution()
    {
        using Case c = new(Activation.Sigmoid, TestDevices.Primary);
        Tensor large = Tensor.Full(TestDevices.Primary, s_x.Shape, DType.Float64, 1.7e308);
        using AnomalyMode anomaly = new();
        NonFiniteValueException e = Assert.Throws<NonFiniteValueException>(() => c.Model.Forward(large));
        Assert.Equal("conv1", e.Layer);
    }

    private static Activation Named(string kind) => kind switch
    {
        "Sigmoid" => Activation.Sigmoid,
        "Tanh" => Activation.Tanh,
        "Relu" => Activation.Relu,
        "Identity" => Activation.Identity,
        _ => Activation.Softplus(20),
    };

    // Two convolutions, each before an activation.
    private sealed class Case : IDisposable
    {
        private readonly Activation _activation;
        private readonly TensorScope _scope = new();

        public Case(Activation activation, Device device)
        {
            _activation = activation;
            Model = new Sequential(
                [2, 6, 5], ("conv1", new Conv2d([2, 6, 5], 4, 3, 1, 1)), ("act1", activation),
                ("conv2", new Conv2d([4, 6, 5], 3, 3, 2)), ("act2", activation));
            Slab = ParameterSlab.Initialize(Model, device, DType.Float64, Initializer.Parse("normal=0.2"), 7);
            X = s_x.ToTensor(device, DType.Float64);
        }

        public GraphModel Model { get; }

        public ParameterSlab Slab { get; }

        public Tensor X { get; }

        public Tensor Apart()
        {
            Tensor[] p = Slab.Tensors;
            Tensor hidden = _activation.Forward(X.Conv2d(p[0], 1, 1) + p[1]);
            return _activation.Forward(hidden.Conv2d(p[2], 2) + p[3]);
        }

        public void Dispose()
        {
            _scope.Dispose();
            Slab.Dispose();
        }
    }
}
