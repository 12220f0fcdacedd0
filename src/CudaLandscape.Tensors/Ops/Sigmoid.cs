using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>y = 1 / (1 + e^-x). Its derivative is y s(-x): y (1 - y) would be 0 in float32 from x = 17 on.</summary>
public sealed class Sigmoid : UnaryOp
{
    /// <inheritdoc/>
    public override string Name => "sigmoid";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Inputs | Saves.Output;

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [b.Dy * (b.Y * b.X(0).Scale(-1).Sigmoid())];
}

public static partial class TensorOps
{
    /// <summary>1 / (1 + e^-x).</summary>
    public static Tensor Sigmoid(this Tensor x) => new Sigmoid().Apply(x);
}
