using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>y = factor * x + shift, with scalars of the host.</summary>
public sealed class Scale(double factor, double shift) : UnaryOp
{
    /// <inheritdoc/>
    public override string Name => "scale_shift";

    /// <inheritdoc/>
    protected override double P => factor;

    /// <inheritdoc/>
    protected override double Q => shift;

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [b.Dy.Scale(factor)];
}

public static partial class TensorOps
{
    /// <summary>factor * x + shift.</summary>
    public static Tensor Scale(this Tensor x, double factor, double shift = 0) => new Scale(factor, shift).Apply(x);
}
