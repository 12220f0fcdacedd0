using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Modules;

/// <summary>
/// The weights V[m,N], <c>skip.weight</c>, from N chosen neurons to m outputs. The layers that have some of the neurons add their
/// shares to the outputs one after another; this module stands where all have done so, holds the weights and passes the sum on.
/// </summary>
internal sealed class SkipHead(long neurons, long outputs) : Module
{
    private readonly Parameter _weight = Parameter.Weight("weight", [outputs, neurons], neurons, outputs);

    /// <inheritdoc/>
    public override LayerRole Role => LayerRole.Weighted;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [_weight];

    /// <summary>V.</summary>
    public Tensor Weight => _weight.Value;

    /// <summary>[m].</summary>
    public Shape Outputs => [outputs];

    /// <summary>N.</summary>
    public long NeuronCount => neurons;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => x;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input == Outputs
        ? input
        : throw new ArgumentException($"skip head: expects the sums {Outputs} of its layers, got {input}.");

    /// <summary>N · m, the layers' shares together.</summary>
    public override long MultiplyAdds(Shape input) => checked(neurons * outputs);
}
