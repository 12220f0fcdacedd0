using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.CriticalPoints;

/// <summary>
/// Full-batch gradient descent that never raises the loss: the step begins at Barzilai and Borwein's length sᵀs / sᵀy and is
/// halved until Φ falls by at least 10⁻⁴ t ‖g‖² (Armijo). For the start of a search; <see cref="GradientNormMinimizer"/> ends it.
/// </summary>
public static class GradientDescent
{
    private const double Sufficient = 1e-4, Shortest = 1e-20;

    /// <summary>Descends until ‖g‖ is below the tolerance, the steps are spent, or no step lowers the loss any more.</summary>
    /// <param name="objective">The loss; it is left where the descent ends.</param>
    /// <param name="tolerance">‖g‖ at which it stops.</param>
    /// <param name="maxSteps">Steps at most.</param>
    /// <param name="cancellation">Checked before every step.</param>
    /// <exception cref="ArithmeticException">Loss or gradient are not finite at the start.</exception>
    public static SearchReport Run(
        Objective objective, double tolerance = 1e-6, int maxSteps = 10_000, CancellationToken cancellation = default)
    {
        using TensorScope scope = new();
        Tensor point = objective.Point();
        (double value, Tensor gradient) = objective.Gradient();
        if (!double.IsFinite(value)) throw new ArithmeticException($"The descent starts at a loss of {value:R}.");
        double square = Vectors.Dot(gradient, gradient), length = 1 / Math.Max(1, Math.Sqrt(square));
        int steps = 0;
        for (; steps < maxSteps && Math.Sqrt(square) >= tolerance; steps++)
        {
            cancellation.ThrowIfCancellationRequested();
            using TensorScope stepScope = new();
            if (LineSearch(objective, point, gradient, value, square, length) is not { } taken)
                break;
            (double nextValue, Tensor nextGradient) = objective.Gradient();
            double change = Vectors.Dot(gradient, nextGradient), turned = square - change;
            length = turned > 0 ? taken * square / turned : 2 * taken;
            point.CopyFrom(objective.Point());
            gradient.CopyFrom(nextGradient);
            (value, square) = (nextValue, Vectors.Dot(gradient, gradient));
        }

        return new SearchReport(Math.Sqrt(square) < tolerance, steps, value, Math.Sqrt(square));
    }

    // The length taken, with the objective moved; null, with the objective where it was, when no step lowers the loss.
    private static double? LineSearch(Objective objective, Tensor point, Tensor gradient, double value, double square, double length)
    {
        for (double t = length; t > Shortest; t /= 2)
        {
            using TensorScope scope = new();
            objective.MoveTo(point - gradient.Scale(t));
            if (objective.Value() <= value - Sufficient * t * square) return t;
        }

        objective.MoveTo(point);
        return null;
    }
}
