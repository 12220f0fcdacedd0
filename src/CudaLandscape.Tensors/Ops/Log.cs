using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>y = ln x; -inf at 0, NaN below.</summary>
public sealed class Log : UnaryOp
{
    /// <inheritdoc/>
    public override string Name => "log";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Inputs;

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [b.Dy / b.X(0)];
}

public static partial class TensorOps
{
    /// <summary>ln x.</summary>
    public static Tensor Log(this Tensor x) => new Log().Apply(x);
}
