using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>y = x where x ≥ 0, slope · x below; the derivative at 0 is taken as the slope, as PyTorch does.</summary>
public sealed class LeakyRelu : UnaryOp
{
    private readonly double _slope;

    /// <summary>A leaky ReLU.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="slope"/> is not finite.</exception>
    public LeakyRelu(double slope)
    {
        if (!double.IsFinite(slope))
            throw new ArgumentOutOfRangeException(nameof(slope), $"leaky_relu: the slope must be finite, got {slope}.");
        _slope = slope;
    }

    /// <inheritdoc/>
    public override string Name => "leaky_relu";

    /// <inheritdoc/>
    protected override double P => _slope;

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Inputs;

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [b.Dy * b.X(0).Step(_slope)];
}

public static partial class TensorOps
{
    /// <summary>x where x ≥ 0, slope · x below.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="slope"/> is not finite.</exception>
    public static Tensor LeakyRelu(this Tensor x, double slope = 0.01) => new LeakyRelu(slope).Apply(x);
}
