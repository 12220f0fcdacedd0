using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>y = |x|; the derivative at 0 is taken as 0. Float32 or Float64, any shape.</summary>
public sealed class Abs : UnaryOp
{
    /// <inheritdoc/>
    public override string Name => "abs";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Inputs;

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [b.Dy * b.X(0).Sign()];
}

public static partial class TensorOps
{
    /// <summary>|x|; NaN stays NaN.</summary>
    public static Tensor Abs(this Tensor x) => new Abs().Apply(x);
}
