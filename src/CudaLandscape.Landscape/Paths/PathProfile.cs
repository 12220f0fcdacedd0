using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.Paths;

/// <summary>The loss along a path, at positions from 0 to 1.</summary>
public sealed record PathProfile
{
    /// <summary>A profile from what was measured.</summary>
    /// <exception cref="ArgumentException">Positions and losses differ in number, or there are fewer than two.</exception>
    public PathProfile(IReadOnlyList<double> positions, IReadOnlyList<PointLoss> points)
    {
        if (positions.Count != points.Count || positions.Count < 2)
            throw new ArgumentException($"path profile: expects as many losses as positions, 2 or more; got {points.Count} and {positions.Count}.");
        (Positions, Points) = (positions, points);
    }

    /// <summary>Positions, rising.</summary>
    public IReadOnlyList<double> Positions { get; }

    /// <summary>What was measured there.</summary>
    public IReadOnlyList<PointLoss> Points { get; }

    /// <summary>The losses.</summary>
    public IReadOnlyList<double> Losses => [.. Points.Select(p => p.Loss)];

    /// <summary>The largest loss.</summary>
    public double Highest => Points.Max(p => p.Loss);

    /// <summary>How much the largest loss is above that of the higher end: the barrier between the ends, 0 for none.</summary>
    public double Barrier => Highest - Math.Max(Points[0].Loss, Points[^1].Loss);

    /// <summary>The largest rise from a position to any later one; 0 where the loss never rises.</summary>
    public double LargestRise
    {
        get
        {
            double lowest = double.PositiveInfinity, rise = 0;
            foreach (PointLoss point in Points)
            {
                lowest = Math.Min(lowest, point.Loss);
                rise = Math.Max(rise, point.Loss - lowest);
            }

            return rise;
        }
    }

    /// <summary>Measures the loss at evenly spaced points of a curve, both ends among them.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="curve">The curve.</param>
    /// <param name="count">Number of points, 2 or more; 61 in Garipov et al.</param>
    /// <param name="cancellation">Checked at every point.</param>
    /// <exception cref="ArithmeticException">A loss is not finite; the message names the point.</exception>
    public static PathProfile Along(ModelLoss loss, ParameterCurve curve, int count = 61, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        double[] positions = [.. Enumerable.Range(0, count).Select(i => i / (count - 1.0))];
        return new PathProfile(positions, [.. positions.Select(At)]);

        PointLoss At(double t)
        {
            using TensorScope scope = new();
            return loss.At(curve.At(t), $"t = {t:G4} of the path", cancellation);
        }
    }
}
