using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// y = 1 where a ≥ b, 0 where a &lt; b, NaN where either is NaN; in the type of a and b, with broadcasting. Constant almost
/// everywhere, so no gradient flows through it.
/// </summary>
public sealed class GreaterEqual : BinaryOp
{
    /// <inheritdoc/>
    public override string Name => "greater_equal";

    /// <inheritdoc/>
    protected internal override bool IsDifferentiable => false;

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [null, null];
}

public static partial class TensorOps
{
    /// <summary>1 where a ≥ b, else 0, with broadcasting.</summary>
    public static Tensor GreaterEqual(this Tensor a, Tensor b) => new GreaterEqual().Apply(a, b);
}
