using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>y = max(x, 0); the derivative at 0 is taken as 0.</summary>
public sealed class Relu : UnaryOp
{
    /// <inheritdoc/>
    public override string Name => "relu";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Inputs;

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [b.Dy * b.X(0).Step()];
}

public static partial class TensorOps
{
    /// <summary>max(x, 0).</summary>
    public static Tensor Relu(this Tensor x) => new Relu().Apply(x);
}
