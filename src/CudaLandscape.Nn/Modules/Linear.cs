using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Modules;

/// <summary>y = x Wᵀ + b; x[N,in], W[out,in], b[out].</summary>
public sealed class Linear(string name, long inputs, long outputs) : Module
{
    private readonly Parameter _weight = Parameter.Weight($"{name}.weight", [outputs, inputs], inputs, outputs);
    private readonly Parameter _bias = Parameter.Bias($"{name}.bias", [outputs]);

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [_weight, _bias];

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => x.MatMul(_weight.Value, transposeB: true) + _bias.Value;
}
