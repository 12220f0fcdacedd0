using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>y = ln(1 + e^(alpha x)) / alpha, a smooth ReLU: sup |y - max(x, 0)| = ln 2 / alpha (ICLR'19 uses alpha = 20).</summary>
public sealed class Softplus : UnaryOp
{
    private readonly double _alpha;

    /// <summary>Softplus with sharpness alpha.</summary>
    /// <exception cref="ArgumentOutOfRangeException">alpha is not positive and finite.</exception>
    public Softplus(double alpha)
    {
        if (!(alpha > 0) || double.IsInfinity(alpha))
            throw new ArgumentOutOfRangeException(nameof(alpha), $"softplus: alpha must be positive and finite, got {alpha}.");
        _alpha = alpha;
    }

    /// <inheritdoc/>
    public override string Name => "softplus";

    /// <inheritdoc/>
    protected override double P => _alpha;

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Inputs;

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [b.Dy * b.X(0).Scale(_alpha).Sigmoid()];
}

public static partial class TensorOps
{
    /// <summary>ln(1 + e^(alpha x)) / alpha.</summary>
    public static Tensor Softplus(this Tensor x, double alpha = 1) => new Softplus(alpha).Apply(x);
}
