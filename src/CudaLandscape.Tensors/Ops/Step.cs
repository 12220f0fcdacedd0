using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// y = 1 where x &gt; 0, else <paramref name="otherwise"/>; NaN stays NaN. Constant almost everywhere, so no gradient flows
/// through it.
/// </summary>
public sealed class Step(double otherwise) : UnaryOp
{
    /// <inheritdoc/>
    public override string Name => "step";

    /// <inheritdoc/>
    protected override double P => otherwise;

    /// <inheritdoc/>
    protected internal override bool IsDifferentiable => false;

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [null];
}

public static partial class TensorOps
{
    /// <summary>1 where x &gt; 0, else <paramref name="otherwise"/>.</summary>
    public static Tensor Step(this Tensor x, double otherwise = 0) => new Step(otherwise).Apply(x);
}
