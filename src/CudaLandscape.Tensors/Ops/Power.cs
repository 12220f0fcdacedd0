using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// y = x^p for a scalar exponent p, rounded to x's type. A whole p is defined for every x (repeated multiplication up to
/// |p| = 64, so (-2)^3 is exactly -8); a fractional p gives NaN for negative x. 0^0 = 1, as in C99 and PyTorch. Its derivative
/// is p x^(p-1).
/// </summary>
public sealed class Power : UnaryOp
{
    private readonly double _exponent;

    /// <summary>A power.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="exponent"/> is not finite.</exception>
    public Power(double exponent)
    {
        if (!double.IsFinite(exponent))
            throw new ArgumentOutOfRangeException(nameof(exponent), $"power: the exponent must be finite, got {exponent}.");
        _exponent = exponent;
    }

    /// <inheritdoc/>
    public override string Name => "power";

    /// <inheritdoc/>
    protected override double P => _exponent;

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Inputs;

    // p = 0 apart: 0 · x^-1 would be NaN at 0.
    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) =>
        [_exponent == 0 ? b.Dy.Scale(0) : b.Dy * b.X(0).Power(_exponent - 1).Scale(_exponent)];
}

public static partial class TensorOps
{
    /// <summary>x^exponent.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="exponent"/> is not finite.</exception>
    public static Tensor Power(this Tensor x, double exponent) => new Power(exponent).Apply(x);
}
