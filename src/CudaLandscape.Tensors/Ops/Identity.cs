using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>y = x, a view of it; the activation of a linear layer. Any type, any shape.</summary>
public sealed class Identity : Op
{
    /// <inheritdoc/>
    public override string Name => "identity";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x) => x[0].View(x[0].Shape, 0, Name, null);

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [b.Dy];
}

public static partial class TensorOps
{
    /// <summary>x itself, under a handle of its own.</summary>
    public static Tensor Identity(this Tensor x) => new Identity().Apply(x);
}
