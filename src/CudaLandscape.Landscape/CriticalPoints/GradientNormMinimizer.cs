using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.CriticalPoints;

/// <summary>
/// Finds a critical point of any index: minimises ½ ‖∇Φ‖² by Levenberg-Marquardt steps (H² + μ I) d = -H g with μ = c ‖g‖,
/// where c falls after a step that lowers ‖g‖ and rises after one that does not. With that μ the convergence is quadratic even
/// where critical points are not isolated, as with the symmetries of a network (Fan and Yuan, Computing 74, 2005). Near a
/// critical point these are Newton's steps, so the same method polishes the end of a descent.
/// </summary>
public static class GradientNormMinimizer
{
    private const double Softest = 1e-10, Stiffest = 1e16;

    /// <summary>Moves the objective to a point with ‖g‖ below the tolerance, if it gets there.</summary>
    /// <param name="objective">The loss; it is left where the search ends.</param>
    /// <param name="step">Dense when left out.</param>
    /// <param name="tolerance">‖g‖ at which it stops.</param>
    /// <param name="maxSteps">Accepted and refused steps at most.</param>
    /// <param name="cancellation">Checked before every step.</param>
    /// <exception cref="ArithmeticException">Loss or gradient at the start are not finite.</exception>
    public static SearchReport Run(
        Objective objective, INewtonStep? step = null, double tolerance = 1e-12, int maxSteps = 200, CancellationToken cancellation = default)
    {
        step ??= new DenseNewtonStep();
        double stiffness = 1e-2;
        Curvature at = new(objective);
        try
        {
            int steps = 0;
            for (; steps < maxSteps && at.GradientNorm >= tolerance && stiffness <= Stiffest; steps++)
            {
                cancellation.ThrowIfCancellationRequested();
                Curvature? better = Try(objective, at, step, stiffness * at.GradientNorm);
                stiffness = better is null ? Math.Max(stiffness, 1e-6) * 8 : Math.Max(stiffness / 4, Softest);
                if (better is null) continue;
                at.Dispose();
                at = better;
            }

            return new SearchReport(at.GradientNorm < tolerance, steps, at.Value, at.GradientNorm);
        }
        finally
        {
            at.Dispose();
        }
    }

    // Null, with the objective back where it was, when ‖g‖ does not fall. Going back does not make the former record stale.
    private static Curvature? Try(Objective objective, Curvature at, INewtonStep step, double damping)
    {
        using TensorScope scope = new();
        Tensor start = objective.Point();
        objective.MoveTo(start + step.Solve(at, damping));
        double norm = Vectors.Norm(objective.Gradient().Gradient);
        if (norm < at.GradientNorm) return new Curvature(objective);
        objective.MoveBack(start);
        return null;
    }
}
