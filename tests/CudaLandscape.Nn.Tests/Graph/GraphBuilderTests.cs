using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Tests.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Tests.Graph;

/// <summary>What a builder makes of names, shapes and parameters, and what it refuses.</summary>
[Collection("device")]
public sealed class GraphBuilderTests
{
    [Fact]
    public void Parameters_are_named_as_PyTorch_names_them_in_the_order_of_the_forward_computation()
    {
        Sequential features = new([1, 6, 6], new Conv2d([1, 6, 6], 2, 3), Activation.Relu, new Conv2d([2, 4, 4], 3, 3));
        Sequential model = new([1, 6, 6], ("features", features), ("flatten", new Flatten()), ("classifier", new Linear("own", 12, 4)));
        Assert.Equal(
            ["features.0.weight", "features.0.bias", "features.2.weight", "features.2.bias", "classifier.weight", "classifier.bias"],
            model.Parameters.Select(p => p.Name));
        Assert.Equal(["0.weight", "0.bias", "2.weight", "2.bias"], features.Parameters.Select(p => p.Name));
        Parameter weight = model.Parameters[2];
        Assert.Equal((new Shape[] { [3, 2, 3, 3] }[0], 18L, 27L, false), (weight.Shape, weight.FanIn, weight.FanOut, weight.IsBias));
        Assert.True(model.Parameters[3].IsBias);
        Assert.Equal((2 * 9) + 2 + (3 * 18) + 3 + 48 + 4, model.ParameterCount);
    }

    [Fact]
    public void Shared_parameters_count_once_under_the_first_node_and_free_ones_each()
    {
        GraphModel shared = SmallGraph.Build();
        Assert.Equal(["conv.weight", "conv.bias", "classifier.weight", "classifier.bias"], shared.Parameters.Select(p => p.Name));
        Assert.Equal(36 + 2 + 48 + 3, shared.ParameterCount);
        GraphBuilder g = new([3]);
        Node a = g.Add("a", new Linear(3, 3), g.Input);
        GraphModel free = g.Build(g.Add("b", new Linear(3, 3), a));
        Assert.Equal(["a.weight", "a.bias", "b.weight", "b.bias"], free.Parameters.Select(p => p.Name));
        Assert.Equal(24, free.ParameterCount);
    }

    [Fact]
    public void A_layer_shared_with_a_graph_inside_counts_once()
    {
        Linear layer = new(4, 4);
        Sequential model = new([4], ("inner", new Sequential([4], layer)), ("relu", Activation.Relu), ("outer", layer));
        Assert.Equal(["inner.0.weight", "inner.0.bias"], model.Parameters.Select(p => p.Name));
        ModelDescription description = ModelDescription.Of(model, [4]);
        Assert.Equal((20L, 20L, "inner.0"), (model.ParameterCount, description.Parameters, description.Layers[^1].SharedWith));
    }

    [Fact]
    public void A_module_in_two_graphs_has_one_tensor_and_two_names()
    {
        Linear layer = new("fc", 3, 2);
        Sequential one = new([3], ("one", layer)), two = new([3], ("two", layer));
        using ParameterSlab slab = SmallGraph.Draw(one);
        Assert.Equal(("fc.weight", "one.weight", "two.weight"), (layer.Parameters[0].Name, one.Parameters[0].Name, two.Parameters[0].Name));
        Assert.Same(slab.Tensors[0], two.Parameters[0].Value);
        Assert.Same(slab.Tensors[0], layer.Parameters[0].Value);
    }

    public static TheoryData<string, string, Action> Refused => new()
    {
        { "a name twice", "already has a layer 'fc'; names must be unique", () => Chain(("fc", new Linear(4, 4)), ("fc", new Linear(4, 4))) },
        { "the input's name", "already has a layer 'input'", () => Chain(("input", Activation.Relu)) },
        { "a dot", "'a.b'", () => Chain(("a.b", Activation.Relu)) },
        { "an empty name", "at least one letter", () => Chain(("", Activation.Relu)) },
        { "a wrong width", "Layer 'fc2' (Linear) does not fit 'relu' [4]: linear: expects samples [5], got [4]",
            () => Chain(("relu", Activation.Relu), ("fc2", new Linear(5, 4))) },
        { "images for rows", "expects samples [16], got [1,4,4]; Flatten them first", () => new Sequential([1, 4, 4], new Linear(16, 2)) },
        { "wrong channels", "Layer '0' (Conv2d) does not fit 'input' [3,8,8]: conv2d: kernels [2,1,3,3] expect samples [1,H,W], got [3,8,8]",
            () => new Sequential([3, 8, 8], new Conv2d([1, 8, 8], 2, 3)) },
        { "a bias per neuron of other images", "samples [1,7,7] give [2,5,5], but the bias per neuron was declared for [2,6,6]",
            () => new Sequential([1, 7, 7], new Conv2d([1, 8, 8], 2, 3, bias: BiasKind.Neuron)) },
        { "a kernel beyond the image", "Layer '0' (Conv2d)", () => new Sequential([1, 2, 8], new Conv2d([1, 8, 8], 2, 3)) },
        { "pooling rows", "Layer '0' (MaxPool2d) does not fit 'input' [4]: max_pool2d: expects samples [C,H,W], got [4]",
            () => Chain(("0", new MaxPool2d(2))) },
        { "a window beyond the image", "Layer '0' (MaxPool2d)", () => new Sequential([1, 2, 2], new MaxPool2d(3)) },
        { "a sum of unequal shapes", "Layer 'sum' (Add) does not fit 'input' [4] and 'fc' [1]: add: expects samples of one shape", () => Joined(new AddJoin()) },
        { "a concatenation of unequal axes", "Layer 'sum' (Concat(1)) does not fit", () => Joined(new ConcatJoin(1)) },
        { "a join of nothing", "joins no nodes", () => new GraphBuilder([4]).Add("sum", new AddJoin()) },
        { "a node of another graph", "Layer 'relu' (Relu): node 'input' is of another graph",
            () => new GraphBuilder([4]).Add("relu", Activation.Relu, new GraphBuilder([4]).Input) },
        { "an output of another graph", "Build: node 'input' is of another graph", () => new GraphBuilder([4]).Build(new GraphBuilder([4]).Input) },
        { "a layer that leads nowhere", "Layer 'dead' (Linear) leads to no output", () => Dead() },
        { "one name for two parameters", "two parameters called twice.p0", () => Chain(("twice", new Doubled())) },
        { "a wrong alpha", "alpha must be positive", () => Activation.Softplus(0) },
    };

    [Theory, MemberData(nameof(Refused))]
    public void Refused_when_it_is_built_with_a_message_that_names_the_layer(string what, string part, Action build)
    {
        ArgumentException e = Assert.ThrowsAny<ArgumentException>(build);
        Assert.True(e.Message.Contains(part, StringComparison.Ordinal), $"{what}: {e.Message}");
    }

    [Fact]
    public void A_module_without_a_shape_rule_says_so() =>
        Assert.Contains("override OutputShape", Assert.Throws<NotSupportedException>(() => Chain(("p", new FreeParameters([3])))).Message);

    [Fact]
    public void An_unknown_node_is_answered_with_the_nearest_ones()
    {
        GraphModel model = SmallGraph.Build();
        Assert.Contains("no node 'clasifier'; nearest: classifier,", Assert.Throws<ArgumentException>(() => model["clasifier"]).Message);
        using TensorScope scope = new();
        Tensor x = Tensor.Zeros(TestDevices.Primary, [1, 2, 4, 4], DType.Float64);
        Assert.Contains("'con'; nearest: conv,", Assert.Throws<ArgumentException>(() => model.Features("con", x)).Message);
    }

    [Theory]
    [InlineData("1 2 4 5")]
    [InlineData("3 2 4")]
    [InlineData("1 32")]
    public void A_batch_of_other_samples_is_refused(string sizes)
    {
        using TensorScope scope = new();
        Shape shape = Shape.Create([.. sizes.Split(' ').Select(long.Parse)]);
        Tensor x = Tensor.Zeros(TestDevices.Primary, shape, DType.Float64);
        string message = Assert.Throws<ArgumentException>(() => SmallGraph.Build().Forward(x)).Message;
        Assert.Contains($"expects a batch [N,2,4,4], got zeros {x.Shape}", message);
    }

    [Fact]
    public void A_node_that_is_only_read_belongs_to_the_model()
    {
        GraphBuilder g = new([4]);
        Node head = g.Add("head", new Linear(4, 2), g.Input), probe = g.Add("probe", new Linear(4, 3), g.Input);
        GraphModel model = g.Build(head, probe);
        using ParameterSlab slab = SmallGraph.Draw(model);
        using TensorScope scope = new();
        Tensor x = Tensor.Zeros(TestDevices.Primary, [5, 4], DType.Float64);
        Assert.Equal((4, new Shape[] { [5, 3] }[0]), (model.Parameters.Count, model.Features("probe", x).Shape));
        Assert.Equal([5, 2], model.Forward(x).Shape);
    }

    private static Sequential Chain(params (string, Module)[] layers) => new([4], layers);

    private static void Joined(Join join)
    {
        GraphBuilder g = new([4]);
        g.Add("sum", join, g.Input, g.Add("fc", new Linear(4, 1), g.Input));
    }

    private static void Dead()
    {
        GraphBuilder g = new([4]);
        g.Add("dead", new Linear(4, 1), g.Input);
        g.Build(g.Add("relu", Activation.Relu, g.Input));
    }

    /// <summary>A module whose two parameters have one name.</summary>
    private sealed class Doubled : Module
    {
        public override IReadOnlyList<Parameter> Parameters { get; } = [Parameter.Bias("p0", [1]), Parameter.Bias("p0", [1])];

        public override Tensor Forward(Tensor x) => x;

        public override Shape OutputShape(Shape input) => input;
    }
}
