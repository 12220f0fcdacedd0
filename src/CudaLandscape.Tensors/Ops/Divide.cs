using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>y = a / b elementwise, with broadcasting.</summary>
public sealed class Divide : BinaryOp
{
    /// <inheritdoc/>
    public override string Name => "divide";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Input(1) | Saves.Output;

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b)
    {
        Tensor da = b.Dy / b.X(1);
        return [da.SumTo(b.Shape(0)), b.Needs(1) ? (da * b.Y).Scale(-1).SumTo(b.Shape(1)) : null];
    }
}

public static partial class TensorOps
{
    /// <summary>a / b elementwise, with broadcasting.</summary>
    public static Tensor Divide(this Tensor a, Tensor b) => new Divide().Apply(a, b);
}
