using System.Globalization;
using CudaLandscape.Landscape.Paths;
using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.Surfaces;

/// <summary>
/// The loss on the line or plane through a point: f(x, y) = L(origin + x·d₁ + y·d₂). Each point is computed by itself, from the
/// origin, so that any of them can be computed again, in any order, with the same bits.
/// </summary>
/// <param name="loss">L.</param>
/// <param name="origin">Where x = y = 0; has to outlive it.</param>
/// <param name="first">d₁; has to outlive it.</param>
/// <param name="second">d₂; null for a line, on which y is 0.</param>
public sealed class LossSurface(ModelLoss loss, Tensor origin, Tensor first, Tensor? second = null)
{
    /// <summary>f(x, y).</summary>
    /// <exception cref="ArgumentException">y is not 0 on a line.</exception>
    /// <exception cref="ArithmeticException">The loss is not finite; the message names the point.</exception>
    public PointLoss At(double x, double y = 0, CancellationToken cancellation = default)
    {
        if (second is null && y != 0) throw new ArgumentException($"surface: there is no second direction; expects y = 0, got {y}.");
        using TensorScope scope = new();
        Tensor point = origin.Detach() + first.Scale(x);
        if (second is not null) point += second.Scale(y);
        return loss.At(point, string.Create(CultureInfo.InvariantCulture, $"(x, y) = ({x:G6}, {y:G6}) of the surface"), cancellation);
    }
}
