using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>y = 1 where x &gt; 0, -1 where x &lt; 0, 0 at 0; NaN stays NaN. No gradient flows through it.</summary>
public sealed class Sign : UnaryOp
{
    /// <inheritdoc/>
    public override string Name => "sign";

    /// <inheritdoc/>
    protected internal override bool IsDifferentiable => false;

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [null];
}

public static partial class TensorOps
{
    /// <summary>The sign of x: -1, 0 or 1.</summary>
    public static Tensor Sign(this Tensor x) => new Sign().Apply(x);
}
