using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Graph;

/// <summary>
/// The share of one layer in a skip network's outputs: reads the layer and the sum of the layers before, if there are any. The
/// layer's neurons have the columns of the head's weights from <paramref name="first"/> on.
/// </summary>
internal sealed class SkipReadoutJoin(NeuronGather neurons, SkipHead head, long first) : Join
{
    /// <inheritdoc/>
    public override string Kind => "SkipReadout";

    /// <inheritdoc/>
    public override Tensor Forward(IReadOnlyList<Tensor> inputs) =>
        inputs[0].SkipReadout(head.Weight, neurons.Indices, first, inputs.Count > 1 ? inputs[1] : null);

    /// <inheritdoc/>
    public override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        _ = neurons.OutputShape(inputs[0]);
        return inputs.Count == 1 || inputs[1] == head.Outputs
            ? head.Outputs
            : throw new ArgumentException($"skip readout: expects sums {head.Outputs} before, got {inputs[1]}.");
    }
}
