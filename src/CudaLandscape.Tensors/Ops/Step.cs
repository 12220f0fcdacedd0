using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>y = 1 where x &gt; 0, else 0; NaN stays NaN. Constant almost everywhere, so no gradient flows through it.</summary>
public sealed class Step : UnaryOp
{
    /// <inheritdoc/>
    public override string Name => "step";

    /// <inheritdoc/>
    protected internal override bool IsDifferentiable => false;

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [null];
}

public static partial class TensorOps
{
    /// <summary>1 where x &gt; 0, else 0.</summary>
    public static Tensor Step(this Tensor x) => new Step().Apply(x);
}
