using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>y = a + b, with broadcasting.</summary>
public sealed class Add : BinaryOp
{
    /// <inheritdoc/>
    public override string Name => "add";

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) =>
        [b.Needs(0) ? b.Dy.SumTo(b.Shape(0)) : null, b.Needs(1) ? b.Dy.SumTo(b.Shape(1)) : null];
}

public static partial class TensorOps
{
    /// <summary>a + b, with broadcasting.</summary>
    public static Tensor Add(this Tensor a, Tensor b) => new Add().Apply(a, b);
}
