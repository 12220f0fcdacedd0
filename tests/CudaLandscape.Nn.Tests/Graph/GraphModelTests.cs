using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Nn.Tests.Graph;

/// <summary>Values, gradients, features and memory of graphs.</summary>
[Collection("device")]
public sealed class GraphModelTests
{
    private static readonly HostArray s_x = TestData.Spread([3, 2, 4, 4], 31);

    private static Device Device => TestDevices.Primary;

    [SkippableTheory]
    [InlineData("primary")]
    [InlineData("check")]
    public void A_branching_graph_with_shared_weights_is_what_its_loops_say(string device)
    {
        GraphModel model = SmallGraph.Build();
        using ParameterSlab slab = SmallGraph.Draw(model, device);
        using TensorScope scope = new();
        Tensor y = model.Forward(s_x.ToTensor(TestDevices.Get(device), DType.Float64));
        Assert.Equal([3, 3], y.Shape);
        Close.ToScale(SmallGraph.Loop(s_x, SmallGraph.Host(model)).Values, y.ToArray<double>(), 1e-13, 1, "y");
    }

    [Fact]
    public void Gradients_of_shared_weights_and_of_the_input_match_finite_differences()
    {
        GraphModel model = SmallGraph.Build();
        using ParameterSlab slab = SmallGraph.Draw(model);
        HostArray[] values = [.. SmallGraph.Host(model), s_x];
        using TensorScope scope = new();
        Tensor x = s_x.ToTensor(Device, DType.Float64).RequireGradient();
        Tensor y = model.Forward(x);
        Tensor dy = Tensor.From<double>(Device, y.Shape, [.. Enumerable.Range(0, 9).Select(i => 0.3 + 0.1 * i)]);
        Tensor[] gradients = Gradient.Of(y, [.. slab.Tensors, x], dy);
        for (int which = 0; which < values.Length; which++)
        {
            double[] expected = new double[values[which].Values.Length];
            for (int i = 0; i < expected.Length; i++) expected[i] = FiniteDifferences.Richardson(h => [Moved(which, i, h)], 1e-4);
            Close.ToScale(expected, gradients[which].ToArray<double>(), 1e-8, 1e-3, which == 4 ? "input" : model.Parameters[which].Name);
        }

        double Moved(int which, int i, double h)
        {
            HostArray[] moved = [.. values.Select((v, k) => k == which ? v.WithValue(i, v.Values[i] + h) : v)];
            return SmallGraph.Project(SmallGraph.Loop(moved[4], moved[..4]).Values);
        }
    }

    [Fact]
    public void Features_of_any_node_are_those_of_the_layers_so_far()
    {
        GraphModel model = SmallGraph.Build();
        using ParameterSlab slab = SmallGraph.Draw(model);
        using TensorScope scope = new();
        Tensor x = s_x.ToTensor(Device, DType.Float64);
        Tensor[] read = model.Features(["sum", "classifier", "input", "sum", "conv"], x);
        Assert.Equal(model.Forward(x).ToArray<double>(), read[1].ToArray<double>());
        Assert.Equal(s_x.Values, read[2].ToArray<double>());
        Assert.Equal(read[0].ToArray<double>(), read[3].ToArray<double>());
        Assert.Equal(read[0].ToArray<double>(), model.Features("sum", x).ToArray<double>());
        Tensor again = (read[4].Softplus(2).Conv2d(slab.Tensors[0], pad: 1) + slab.Tensors[1]);
        Assert.Equal((read[4] + again).ToArray<double>(), read[0].ToArray<double>());
        foreach (Node node in model.Nodes) Assert.Equal([3, .. node.Shape], model.Features(node.Name, x).Shape);
        read[0].Dispose();
        Assert.Equal(96, read[3].ToArray<double>().Length);
    }

    [Fact]
    public void Only_what_a_node_depends_on_is_computed_and_once()
    {
        Counting left = new(), right = new(), top = new();
        GraphBuilder g = new([2]);
        Node a = g.Add("left", left, g.Input), b = g.Add("right", right, g.Input);
        GraphModel model = g.Build(g.Add("top", top, g.Add("sum", new AddJoin(), a, a, b)));
        using TensorScope scope = new();
        Tensor x = Tensor.From<double>(Device, [1, 2], [1, 5]);
        Assert.Equal([3.0, 15], model.Forward(x).ToArray<double>());
        Assert.Equal((1, 1, 1), (left.Calls, right.Calls, top.Calls));
        model.Features("left", x);
        Assert.Equal((2, 1, 1), (left.Calls, right.Calls, top.Calls));
    }

    [Fact]
    public void The_callers_batch_stays_the_callers_and_no_memory_is_left()
    {
        GraphModel model = SmallGraph.Build();
        using ParameterSlab slab = SmallGraph.Draw(model);
        long before = Device.UsedBytes;
        using (Tensor x = s_x.ToTensor(Device, DType.Float64))
        {
            model.Forward(x).Dispose();
            model.Features("input", x).Dispose();
            foreach (Tensor read in model.Features(["pool", "input", "pool"], x)) read.Dispose();
            using (TensorScope scope = new()) Gradient.Of(model.Forward(x).Sum(), slab.Tensors);
            Assert.Equal(s_x.Values, x.ToArray<double>());
        }

        Assert.Equal(before, Device.UsedBytes);
    }

    [Fact]
    public void A_layer_that_gives_back_its_input_does_no_harm()
    {
        GraphBuilder g = new([2]);
        Counting same = new();
        Node first = g.Add("first", same, g.Input);
        Node sum = g.Add("sum", new AddJoin(), g.Add("second", same, first));
        GraphModel model = g.Build(g.Add("end", new AddJoin(), sum, first));
        using TensorScope scope = new();
        Tensor x = Tensor.From<double>(Device, [1, 2], [1, 5]);
        Assert.Equal([2.0, 10], model.Forward(x).ToArray<double>());
        Assert.Equal([1.0, 5], model.Features("sum", x).ToArray<double>());
        Assert.Equal([1.0, 5], x.ToArray<double>());
        Assert.Equal([1.0, 5], Activation.Identity.Forward(x).ToArray<double>());
    }

    [Fact]
    public void Without_a_tape_a_deep_chain_needs_the_memory_of_a_few_layers()
    {
        const int depth = 30, width = 100_000;
        Sequential model = new([width], [.. Enumerable.Repeat<Module>(Activation.Sigmoid, depth)]);
        using TensorScope scope = new();
        Tensor x = Tensor.Full(Device, [1, width], DType.Float64, 0.5);
        long before = Device.UsedBytes;
        Device.ResetPeak();
        using (new NoGradient()) model.Forward(x);
        Assert.InRange(Device.PeakBytes - before, width * 8, 3L * width * 8);
    }

    [Fact]
    public void A_graph_is_a_module_of_another_graph()
    {
        GraphModel inner = SmallGraph.Build();
        Sequential outer = new([2, 4, 4], ("features", inner), ("tanh", Activation.Tanh), ("classifier", new Linear(3, 2)));
        using ParameterSlab slab = SmallGraph.Draw(outer);
        using TensorScope scope = new();
        Tensor x = s_x.ToTensor(Device, DType.Float64);
        Assert.Equal(
            ["features.conv.weight", "features.conv.bias", "features.classifier.weight", "features.classifier.bias", "classifier.weight", "classifier.bias"],
            outer.Parameters.Select(p => p.Name));
        Assert.Same(outer.Parameters[0].Value, inner.Parameters[0].Value);
        Tensor features = inner.Forward(x).Tanh();
        double[] expected = (features.MatMul(slab.Tensors[4], transposeB: true) + slab.Tensors[5]).ToArray<double>();
        Assert.Equal(expected, outer.Forward(x).ToArray<double>());
    }

    /// <summary>Gives back its input and counts how often it was asked.</summary>
    private sealed class Counting : Module
    {
        public int Calls { get; private set; }

        public override IReadOnlyList<Parameter> Parameters => [];

        public override Tensor Forward(Tensor x)
        {
            Calls++;
            return x;
        }

        public override Shape OutputShape(Shape input) => input;
    }
}
