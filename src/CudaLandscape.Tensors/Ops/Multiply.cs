using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>y = a * b elementwise, with broadcasting.</summary>
public sealed class Multiply : BinaryOp
{
    /// <inheritdoc/>
    public override string Name => "multiply";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Inputs;

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) =>
    [
        b.Needs(0) ? (b.Dy * b.X(1)).SumTo(b.Shape(0)) : null,
        b.Needs(1) ? (b.Dy * b.X(0)).SumTo(b.Shape(1)) : null,
    ];
}

public static partial class TensorOps
{
    /// <summary>a * b elementwise, with broadcasting.</summary>
    public static Tensor Multiply(this Tensor a, Tensor b) => new Multiply().Apply(a, b);
}
