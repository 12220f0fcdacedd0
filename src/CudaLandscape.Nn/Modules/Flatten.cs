using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Modules;

/// <summary>Each sample as one row: x[N,…], y[N, product of the other sizes]; nothing is copied.</summary>
public sealed class Flatten : Module
{
    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [];

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => x.Reshape([x.Shape[0], .. OutputShape(Shape.Create(x.Shape.Sizes[1..]))]);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => [input.ElementCount];
}
