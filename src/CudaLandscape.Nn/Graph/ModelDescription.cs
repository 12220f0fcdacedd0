using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Graph;

/// <summary>
/// A model layer by layer, with what it costs. A neuron is an output of a layer with weights, counted once however many
/// activations follow; outputs of pooling layers have a width but are not neurons, as the papers count them.
/// </summary>
public sealed record ModelDescription
{
    private ModelDescription(Shape input, Shape output, IReadOnlyList<LayerDescription> layers) =>
        (Input, Output, Layers) = (input, output, layers);

    /// <summary>Shape of one sample.</summary>
    public Shape Input { get; }

    /// <summary>Shape of one sample's output.</summary>
    public Shape Output { get; }

    /// <summary>The layers in the order of the forward computation.</summary>
    public IReadOnlyList<LayerDescription> Layers { get; }

    /// <summary>Number of trainable numbers.</summary>
    public long Parameters => Layers.Sum(l => l.Parameters);

    /// <summary>Multiply-adds of one sample's forward pass.</summary>
    public long MultiplyAdds => Layers.Sum(l => l.MultiplyAdds);

    /// <summary>Bytes of the parameters in Float32.</summary>
    public long ParameterBytes => Parameters * sizeof(float);

    /// <summary>Bytes of every layer's output for one sample in Float32; about what a training step keeps per sample.</summary>
    public long OutputBytes => Layers.Sum(l => l.Output.ElementCount) * sizeof(float);

    /// <summary>Neurons of layers that are no output.</summary>
    public long HiddenNeurons => Layers.Where(l => !l.IsOutput).Sum(l => l.Neurons);

    /// <summary>Widths n_k of the layers as the papers number them: those with weights and those that pool.</summary>
    public IReadOnlyList<long> Widths =>
        [.. Layers.Where(l => l.Role is LayerRole.Weighted or LayerRole.Pooling).Select(l => l.Output.ElementCount)];

    /// <summary>Describes a model for samples of a shape, without running it. Graphs inside it are unfolded.</summary>
    /// <exception cref="ArgumentException">The samples do not fit the model.</exception>
    public static ModelDescription Of(Module module, Shape inputShape)
    {
        GraphModel graph = module as GraphModel ?? new Sequential(inputShape, ("layer", module));
        Unfolding unfolding = new();
        Shape output = graph.OutputShape(inputShape);
        int last = unfolding.Unfold(graph, "", Unfolding.ModelInput);
        return new ModelDescription(inputShape, output, unfolding.Finish(last));
    }
}
