using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>The largest absolute value of a float tensor, NaN when any element is NaN, 0 when it has none; scalar.</summary>
public sealed class MaxAbs : Op
{
    /// <inheritdoc/>
    public override string Name => "max_abs";

    /// <inheritdoc/>
    protected internal override bool IsDifferentiable => false;

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        OpChecks.RequireFloat(Name, x[0]);
        using TensorScope scope = new();
        Tensor flat = x[0].View([x[0].ElementCount], 0, Name, null);
        return scope.Return(Reduction.Run(Reduction.MaxAbs, flat, [true]).View(Shape.Scalar, 0, Name, null));
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [null];
}

public static partial class TensorOps
{
    /// <summary>The largest absolute value.</summary>
    public static Tensor MaxAbs(this Tensor x) => new MaxAbs().Apply(x);
}
