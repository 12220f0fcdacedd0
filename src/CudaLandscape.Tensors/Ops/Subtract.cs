using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>y = a - b, with broadcasting.</summary>
public sealed class Subtract : BinaryOp
{
    /// <inheritdoc/>
    public override string Name => "subtract";

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) =>
        [b.Needs(0) ? b.Dy.SumTo(b.Shape(0)) : null, b.Needs(1) ? b.Dy.SumTo(b.Shape(1)).Scale(-1) : null];
}

public static partial class TensorOps
{
    /// <summary>a - b, with broadcasting.</summary>
    public static Tensor Subtract(this Tensor a, Tensor b) => new Subtract().Apply(a, b);
}
