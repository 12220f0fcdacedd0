using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Tests.Graph;

/// <summary>Every module's shape rule against the shape of what it computes, and the small modules' values.</summary>
[Collection("device")]
public sealed class LayerShapeTests
{
    private static readonly Dictionary<string, (Module Layer, Shape Input)> s_layers = new()
    {
        ["conv"] = (new Conv2d([3, 7, 5], 4, 3), [3, 7, 5]),
        ["conv, stride 2, pad 1, bias per neuron"] = (new Conv2d([3, 7, 5], 4, 3, stride: 2, pad: 1, bias: BiasKind.Neuron), [3, 7, 5]),
        ["conv on another image than declared"] = (new Conv2d([3, 7, 5], 4, 3), [3, 9, 4]),
        ["pool"] = (new MaxPool2d(2), [3, 7, 5]),
        ["pool, stride 1, pad 1"] = (new MaxPool2d(3, 1, 1), [3, 7, 5]),
        ["flatten"] = (new Flatten(), [3, 7, 5]),
        ["flatten rows"] = (new Flatten(), [6]),
        ["flatten numbers"] = (new Flatten(), []),
        ["linear"] = (new Linear(6, 2), [6]),
        ["softplus"] = (Activation.Softplus(20), [3, 7, 5]),
        ["identity"] = (Activation.Identity, []),
        ["small graph"] = (SmallGraph.Build(), [2, 4, 4]),
        ["figure 1"] = (new Figure1Network(2, Conv2Choice.Kernel3Stride2), [1, 28, 28]),
    };

    public static TheoryData<string> Layers => [.. s_layers.Keys];

    [Theory, MemberData(nameof(Layers))]
    public void The_shape_rule_says_what_the_computation_gives(string name)
    {
        (Module layer, Shape input) = s_layers[name];
        using ParameterSlab slab = SmallGraph.Draw(layer);
        using TensorScope scope = new();
        foreach (long count in (long[])[2, 1, 0])
        {
            Tensor x = Tensor.Zeros(TestDevices.Primary, [count, .. input], DType.Float64);
            Assert.Equal([count, .. layer.OutputShape(input)], layer.Forward(x).Shape);
        }
    }

    public static TheoryData<string, Func<double, double>> Functions => new()
    {
        { "Sigmoid", x => 1 / (1 + Math.Exp(-x)) },
        { "Tanh", Math.Tanh },
        { "Relu", x => Math.Max(x, 0) },
        { "Identity", x => x },
        { "Softplus(2.5)", x => Math.Log(1 + Math.Exp(2.5 * x)) / 2.5 },
    };

    [Theory, MemberData(nameof(Functions))]
    public void An_activation_is_its_function_of_each_element(string kind, Func<double, double> function)
    {
        Activation activation = new[] { Activation.Sigmoid, Activation.Tanh, Activation.Relu, Activation.Identity, Activation.Softplus(2.5) }
            .Single(a => a.Kind == kind);
        HostArray x = TestData.Spread([4, 3], 33);
        using TensorScope scope = new();
        Close.Relative(Loops.Map(x, function).Values, activation.Forward(x.ToTensor(TestDevices.Primary, DType.Float64)).ToArray<double>(), 1e-14, kind);
    }

    [Fact]
    public void Joins_put_values_where_their_shapes_say()
    {
        HostArray a = TestData.Spread([2, 2, 3], 34), b = TestData.Spread([2, 2, 1], 35);
        using TensorScope scope = new();
        Tensor[] parts = [a.ToTensor(TestDevices.Primary, DType.Float64), b.ToTensor(TestDevices.Primary, DType.Float64)];
        Tensor y = new ConcatJoin(1).Forward(parts);
        Assert.Equal([2, .. new ConcatJoin(1).OutputShape([[2, 3], [2, 1]])], y.Shape);
        double[] values = y.ToArray<double>();
        for (int i = 0; i < 16; i++) Assert.Equal(i % 4 < 3 ? a.Values[i / 4 * 3 + i % 4] : b.Values[i / 4], values[i]);
        Assert.Equal(a.Values.Select(v => 3 * v), new AddJoin().Forward([parts[0], parts[0], parts[0]]).ToArray<double>(), new Near());
    }

    private sealed class Near : IEqualityComparer<double>
    {
        public bool Equals(double a, double b) => Math.Abs(a - b) <= 1e-14;

        public int GetHashCode(double x) => 0;
    }
}
