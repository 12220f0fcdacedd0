using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>y = x². Float32 or Float64, any shape.</summary>
public sealed class Square : UnaryOp
{
    /// <inheritdoc/>
    public override string Name => "square";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Inputs;

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [b.Dy * b.X(0).Scale(2)];
}

public static partial class TensorOps
{
    /// <summary>x².</summary>
    public static Tensor Square(this Tensor x) => new Square().Apply(x);
}
