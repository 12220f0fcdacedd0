using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// y = the smaller of a and b elementwise, with broadcasting; NaN when either is. The gradient goes to the one taken, to a when
/// they are equal.
/// </summary>
public sealed class Minimum : BinaryOp
{
    /// <inheritdoc/>
    public override string Name => "minimum";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Inputs;

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b)
    {
        Tensor takesA = b.X(1).GreaterEqual(b.X(0));
        return
        [
            b.Needs(0) ? (b.Dy * takesA).SumTo(b.Shape(0)) : null,
            b.Needs(1) ? (b.Dy * takesA.Scale(-1, 1)).SumTo(b.Shape(1)) : null,
        ];
    }
}

public static partial class TensorOps
{
    /// <summary>The smaller of a and b elementwise, with broadcasting.</summary>
    public static Tensor Minimum(this Tensor a, Tensor b) => new Minimum().Apply(a, b);
}
