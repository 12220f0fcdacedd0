using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Tests.Graph;

/// <summary>Counts of neurons, parameters and multiply-adds against those worked out by hand for the papers' networks.</summary>
public sealed class ModelDescriptionTests
{
    [Theory]
    [InlineData(100, BiasKind.Shared, 82_130)]
    [InlineData(100, BiasKind.Neuron, 152_490)]
    [InlineData(10, BiasKind.Neuron, 83_640)]
    public void Figure_1_has_the_papers_widths_and_the_counted_parameters(int t1, BiasKind bias, long parameters)
    {
        Figure1Network network = new(t1, bias: bias);
        ModelDescription model = ModelDescription.Of(network, [1, 28, 28]);
        Assert.Equal([676L * t1, 169L * t1, 2880, 720, 100, 10], model.Widths);
        Assert.Equal((parameters, parameters), (model.Parameters, network.ParameterCount));
        Assert.Equal((676L * t1) + 2880 + 100, model.HiddenNeurons);
        Assert.Equal(["fc2"], model.Layers.Where(l => l.IsOutput).Select(l => l.Name));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(7)]
    public void Figure_1_costs_9_676_T1_and_4_T1_20_144_and_73000_multiply_adds(int t1)
    {
        ModelDescription model = ModelDescription.Of(new Figure1Network(t1), [1, 28, 28]);
        Assert.Equal(9L * 676 * t1, Layer(model, "conv1").MultiplyAdds);
        Assert.Equal(4L * t1 * 20 * 144, Layer(model, "conv2").MultiplyAdds);
        Assert.Equal(73_000, Layer(model, "fc1").MultiplyAdds + Layer(model, "fc2").MultiplyAdds);
        Assert.Equal((9L * 676 * t1) + (4L * t1 * 20 * 144) + 73_000, model.MultiplyAdds);
        Assert.Equal(model.MultiplyAdds, new Figure1Network(t1).MultiplyAdds([1, 28, 28]));
        Assert.Equal(9L * t1 + t1, Layer(model, "conv1").Parameters);
    }

    // ICLR'19 on 32x32 images with hidden layers of 128 and 128: neurons without pooling, and parameters.
    [Theory]
    [InlineData("64 M 128 M 256 256 M 512 512 M 512 512 M", 151_808, 9_303_946)]
    [InlineData("64 64 M 128 128 M 256 256 M 512 512 M 512 512 M", 250_112, 9_488_458)]
    [InlineData("64 64 M 128 128 M 256 256 256 M 512 512 512 M 512 512 512 M", 276_736, 14_798_154)]
    public void Vgg_networks_have_the_pools_of_hidden_neurons_the_papers_draw_from(string layers, long neurons, long parameters)
    {
        ModelDescription model = ModelDescription.Of(Vgg(layers), [3, 32, 32]);
        Assert.Equal((neurons, parameters), (model.HiddenNeurons, model.Parameters));
        Assert.Equal([10], model.Output);
    }

    [Fact]
    public void Shared_parameters_are_counted_once_and_their_work_each_time()
    {
        ModelDescription model = ModelDescription.Of(SmallGraph.Build(), [2, 4, 4]);
        Assert.Equal((38L, null), (Layer(model, "conv").Parameters, Layer(model, "conv").SharedWith));
        Assert.Equal((0L, "conv"), (Layer(model, "again").Parameters, Layer(model, "again").SharedWith));
        Assert.Equal((32 * 18L, 32 * 18L), (Layer(model, "conv").MultiplyAdds, Layer(model, "again").MultiplyAdds));
        Assert.Equal((89L, 64L, 2 * 32 * 18 + 48L), (model.Parameters, model.HiddenNeurons, model.MultiplyAdds));
        Assert.Equal([32, 32, 16, 3], model.Widths);
        Assert.Equal([[2, 4, 4], [2, 4, 4]], Layer(model, "both").Inputs);
        Assert.Equal([4, 4, 4], Layer(model, "both").Output);
        Assert.Null(Layer(model, "softplus").SharedWith);
    }

    [Fact]
    public void Layers_that_skip_to_the_output_are_outputs_and_what_they_read_is_hidden()
    {
        GraphBuilder g = new([5]);
        Node hidden = g.Add("hidden", new Linear(5, 7), g.Input);
        Node last = g.Add("last", new Linear(7, 2), g.Add("sigmoid", Activation.Sigmoid, hidden));
        Node skip = g.Add("skip", new Linear(7, 2), hidden);
        Node sum = g.Add("sum", new AddJoin(), last, skip);
        ModelDescription model = ModelDescription.Of(g.Build(g.Add("linear", Activation.Identity, sum)), [5]);
        Assert.Equal(["last", "skip"], model.Layers.Where(l => l.IsOutput).Select(l => l.Name));
        Assert.Equal(7, model.HiddenNeurons);
    }

    [Fact]
    public void Graphs_inside_a_model_are_unfolded_under_their_names()
    {
        Sequential model = new([2, 4, 4], ("first", SmallGraph.Build()), ("tanh", Activation.Tanh), ("second", new Linear(3, 3)));
        ModelDescription description = ModelDescription.Of(model, [2, 4, 4]);
        Assert.Equal(["first.conv", "first.softplus", "first.again"], description.Layers.Take(3).Select(l => l.Name));
        Assert.Equal("first.conv", Layer(description, "first.again").SharedWith);
        Assert.Equal(["second"], description.Layers.Where(l => l.IsOutput).Select(l => l.Name));
        Assert.Equal((64 + 3, model.ParameterCount), (description.HiddenNeurons, description.Parameters));
    }

    [Fact]
    public void A_single_layer_is_a_model_and_a_wrong_sample_is_refused()
    {
        ModelDescription model = ModelDescription.Of(new Linear(5, 3), [5]);
        Assert.Equal((1, 18L, 15L, 0L), (model.Layers.Count, model.Parameters, model.MultiplyAdds, model.HiddenNeurons));
        Assert.Contains("[1,28,27]", Assert.Throws<ArgumentException>(() => ModelDescription.Of(new Figure1Network(1), [1, 28, 27])).Message);
        Assert.Contains("[5]", Assert.Throws<ArgumentException>(() => ModelDescription.Of(new Linear(5, 3), [4])).Message);
    }

    private static Sequential Vgg(string layers)
    {
        List<Module> modules = [];
        Shape image = [3, 32, 32];
        foreach (string layer in layers.Split(' '))
        {
            Module[] block = layer == "M" ? [new MaxPool2d(2)] : [new Conv2d(image, int.Parse(layer), 3, pad: 1), Activation.Softplus(20)];
            modules.AddRange(block);
            image = block[0].OutputShape(image);
        }

        modules.AddRange([new Flatten(), new Linear(512, 128), Activation.Softplus(20), new Linear(128, 128), Activation.Softplus(20), new Linear(128, 10)]);
        return new Sequential([3, 32, 32], [.. modules]);
    }

    private static LayerDescription Layer(ModelDescription model, string name) => model.Layers.Single(l => l.Name == name);
}
