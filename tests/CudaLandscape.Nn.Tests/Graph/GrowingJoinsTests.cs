using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Nn.Tests.Graph;

/// <summary>
/// Concatenations that share a buffer in graphs that are no dense blocks: one that two others extend, one that is joined to itself, and
/// one that a convolution with its activation reads directly; against the same graph under <see cref="AnomalyMode"/>, which shares nothing.
/// </summary>
[Collection("device")]
public sealed class GrowingJoinsTests
{
    public static TheoryData<string> Graphs => ["two extend one", "joined to itself", "read by a fused convolution"];

    [Theory, MemberData(nameof(Graphs))]
    public void Values_and_gradients_are_those_of_the_layers_alone(string graph)
    {
        GraphModel model = Build(graph);
        using ParameterSlab slab = ParameterSlab.Initialize(model, TestDevices.Primary, DType.Float64, Initializer.Parse("normal=0.3"), 5);
        using TensorScope scope = new();
        Tensor x = TestData.Spread([3, 2, 4, 5], 17).ToTensor(TestDevices.Primary, DType.Float64).RequireGradient();
        (double[][] values, double[][] gradients) = Results(model, slab, x);
        using AnomalyMode nothingIsShared = new();
        (double[][] expectedValues, double[][] expectedGradients) = Results(model, slab, x);
        for (int i = 0; i < values.Length; i++) Close.ToScale(expectedValues[i], values[i], 1e-13, 1, $"output {i}");
        for (int i = 0; i < gradients.Length; i++) Close.ToScale(expectedGradients[i], gradients[i], 1e-12, 1, $"gradient {i}");
    }

    // The outputs of all layers, then what the last one and a layer in the middle give together.
    private static (double[][] Values, double[][] Gradients) Results(GraphModel model, ParameterSlab slab, Tensor x)
    {
        Tensor[] outputs = model.Features([.. model.Nodes.Select(n => n.Name)], x), tops = model.Features(["join1", model.Output.Name], x);
        Tensor[] gradients = Gradient.Of(tops[0].Square().Sum() + tops[1].Square().Sum(), [.. slab.Tensors, x]);
        double[] last = model.Forward(x).ToArray<double>();
        return ([.. outputs.Select(t => t.ToArray<double>()), last], [.. gradients.Select(t => t.ToArray<double>())]);
    }

    private static GraphModel Build(string name)
    {
        GraphBuilder graph = new([2, 4, 5]);
        Node first = Convolve("conv1", graph.Input), join = graph.Add("join1", new ConcatJoin(), graph.Input, first);
        Node second = graph.Add("join2", new ConcatJoin(), join, Convolve("conv2", join));
        return graph.Build(name switch
        {
            "two extend one" => graph.Add("sum", new AddJoin(), second, graph.Add("join3", new ConcatJoin(), join, Convolve("conv3", second))),
            "joined to itself" => graph.Add("join3", new ConcatJoin(), second, second, join),
            _ => graph.Add("sum", new AddJoin(), graph.Add("act", Activation.Tanh, Convolve("conv3", join)), Convolve("conv4", second)),
        });

        Node Convolve(string called, Node input) => graph.Add(called, new Conv2d(input.Shape, 3, 3, pad: 1), input);
    }
}
