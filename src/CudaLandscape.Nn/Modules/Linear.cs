using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Modules;

/// <summary>y = x Wᵀ + b; x[N,in], W[out,in], b[out]; its parameters are called <c>name.weight</c> and <c>name.bias</c>.</summary>
public sealed class Linear(string name, long inputs, long outputs) : Module
{
    private readonly Parameter _weight = Parameter.Weight("weight", [outputs, inputs], inputs, outputs, name);
    private readonly Parameter _bias = Parameter.Bias("bias", [outputs], name);

    /// <summary>Declares a layer that gets its name from the graph it is added to.</summary>
    public Linear(long inputs, long outputs)
        : this("", inputs, outputs)
    {
    }

    /// <inheritdoc/>
    public override LayerRole Role => LayerRole.Weighted;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [_weight, _bias];

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => x.MatMul(_weight.Value, transposeB: true) + _bias.Value;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input == [inputs]
        ? [outputs]
        : throw new ArgumentException(
            $"linear: expects samples [{inputs}], got {input}{(input.ElementCount == inputs ? "; Flatten them first" : "")}.");

    /// <summary>in · out.</summary>
    public override long MultiplyAdds(Shape input) => checked(inputs * outputs);
}
