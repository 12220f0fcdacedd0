using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>y = tanh x. Its derivative is taken as 4 s(2x) s(-2x), s the sigmoid: 1 - y² would cancel where tanh saturates.</summary>
public sealed class Tanh : UnaryOp
{
    /// <inheritdoc/>
    public override string Name => "tanh";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Inputs;

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b)
    {
        Tensor twice = b.X(0).Scale(2);
        return [b.Dy * (twice.Sigmoid() * twice.Scale(-1).Sigmoid()).Scale(4)];
    }
}

public static partial class TensorOps
{
    /// <summary>tanh x.</summary>
    public static Tensor Tanh(this Tensor x) => new Tanh().Apply(x);
}
