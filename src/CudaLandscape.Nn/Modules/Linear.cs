using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Modules;

/// <summary>
/// y = x Wᵀ + b, or x Wᵀ; x[N,in], W[out,in], b[out]; its parameters are called <c>name.weight</c> and <c>name.bias</c>.
/// </summary>
public sealed class Linear(string name, long inputs, long outputs, bool bias = true) : Module
{
    private readonly Parameter _weight = Parameter.Weight("weight", [outputs, inputs], inputs, outputs, name);
    private readonly Parameter? _bias = bias ? Parameter.Bias("bias", [outputs], name) : null;

    /// <summary>Declares a layer that gets its name from the graph it is added to.</summary>
    public Linear(long inputs, long outputs, bool bias = true)
        : this("", inputs, outputs, bias)
    {
    }

    /// <inheritdoc/>
    public override LayerRole Role => LayerRole.Weighted;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => _bias is null ? [_weight] : [_weight, _bias];

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x)
    {
        if (_bias is null) return x.MatMul(_weight.Value, transposeB: true);
        using TensorScope scope = new();
        return scope.Return(x.MatMul(_weight.Value, transposeB: true) + _bias.Value);
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input == [inputs]
        ? [outputs]
        : throw new ArgumentException(
            $"linear: expects samples [{inputs}], got {input}{(input.ElementCount == inputs ? "; Flatten them first" : "")}.");

    /// <summary>in · out.</summary>
    public override long MultiplyAdds(Shape input) => checked(inputs * outputs);
}
