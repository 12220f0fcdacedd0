using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>y = e^x.</summary>
public sealed class Exp : UnaryOp
{
    /// <inheritdoc/>
    public override string Name => "exp";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Output;

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [b.Dy * b.Y];
}

public static partial class TensorOps
{
    /// <summary>e^x.</summary>
    public static Tensor Exp(this Tensor x) => new Exp().Apply(x);
}
