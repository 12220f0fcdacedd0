using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>y = √x, correctly rounded; NaN below 0. The derivative 1 / (2 y) is infinite at 0.</summary>
public sealed class Sqrt : UnaryOp
{
    /// <inheritdoc/>
    public override string Name => "sqrt";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Output;

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [(b.Dy / b.Y).Scale(0.5)];
}

public static partial class TensorOps
{
    /// <summary>√x.</summary>
    public static Tensor Sqrt(this Tensor x) => new Sqrt().Apply(x);
}
