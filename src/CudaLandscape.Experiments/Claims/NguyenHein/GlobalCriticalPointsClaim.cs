using CudaLandscape.Landscape.Bounds;
using CudaLandscape.Landscape.Fitting;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Claims.NguyenHein;

/// <summary>On S_k the loss vanishes exactly where the gradient does: points where training ends are global minima.</summary>
internal sealed class GlobalCriticalPointsClaim : IClaim
{
    private const double Tolerance = 1e-11;

    public int Item => 12;

    public string Name => "zero-gradient-zero-loss";

    public string Statement => "in S_k the loss goes to zero exactly as the gradient does";

    public string Source => "Nguyen and Hein, ICML'18, Theorem 4.4; workshop version, Theorem 2.3";

    public IReadOnlyList<ClaimSize> Sizes { get; } =
    [
        new("starts", "initial points", 5, 3, 10_000),
        new("steps", "Levenberg-Marquardt steps at most", 200, 50, 10_000),
    ];

    public ClaimResult Run(ClaimContext context)
    {
        List<GradientBounds> ends = [];
        List<(double Loss, double Gradient)> path = [];
        for (ulong start = 0; start < (ulong)context.Size("starts"); start++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            using TensorScope scope = new();
            using SmallProblem problem = new(context, start);
            LevenbergMarquardt.Minimise(
                problem.Model, problem.Parameters, problem.X, problem.Y, context.Size("steps"), Tolerance, (loss, gradient) => path.Add((loss, gradient)));
            ends.Add(GradientBounds.Of(problem.Model, SmallProblem.Wide, problem.X, problem.Y));
        }

        return new ClaimResult(
            Check.AtMost("largest loss where the gradient is at most 1e-11", Largest(path.Where(p => p.Gradient <= Tolerance).Select(p => p.Loss)), 1e-18),
            Check.Equal("starts that end with such a gradient", path.Count(p => p.Gradient <= Tolerance), context.Size("starts")),
            Check.Equal("ends in S_k, with the gradient of U_2 above a lower bound that is not 0", ends.Count(e => e.Lower > 0 && e.Hold(1e-3)), ends.Count),
            Check.Observe("smallest gradient / √(2 Φ) on the way", path.Min(p => p.Gradient / Math.Sqrt(2 * p.Loss))));
    }

    // NaN, which satisfies nothing, when no point was reached.
    private static double Largest(IEnumerable<double> values) => values.DefaultIfEmpty(double.NaN).Max();
}
