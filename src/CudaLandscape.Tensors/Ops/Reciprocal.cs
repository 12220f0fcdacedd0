using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>y = 1 / x; ±inf at ±0. Its derivative is -y².</summary>
public sealed class Reciprocal : UnaryOp
{
    /// <inheritdoc/>
    public override string Name => "reciprocal";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Output;

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [(b.Dy * b.Y.Square()).Scale(-1)];
}

public static partial class TensorOps
{
    /// <summary>1 / x.</summary>
    public static Tensor Reciprocal(this Tensor x) => new Reciprocal().Apply(x);
}
