using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Landscape.DeepLinear;

namespace CudaLandscape.Experiments.Claims.DeepLinear;

/// <summary>At W₁ = W_{H+1} = 0 the Hessian has eigenvalues of both signs.</summary>
internal sealed class NonConvexityClaim : IClaim
{
    public int Item => 24;

    public string Name => "deep-linear-nonconvex";

    public string Statement => "the loss of a deep linear network is neither convex nor concave";

    public string Source => $"{DeepLinearClaims.Note}, Theorem 1.1";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [new("draws", "random networks for each depth", 10, 3, 10_000)];

    public ClaimResult Run(ClaimContext context)
    {
        using DeepLinearProblem problem = DeepLinearClaims.Problem(context);
        double highestLow = double.NegativeInfinity, lowestHigh = double.PositiveInfinity;
        foreach (long[] hidden in (long[][])[[2], [3, 2]])
        {
            for (int draw = 0; draw < context.Size("draws"); draw++)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                using DeepLinearNetwork network = DeepLinearPoints.WithZeros(
                    problem, hidden, [1, hidden.Length + 1], context.Stream(100 + 10 * (ulong)draw));
                CriticalPoint point = CriticalPoint.At(network.Objective);
                highestLow = Math.Max(highestLow, point.Lowest);
                lowestHigh = Math.Min(lowestHigh, point.Highest);
            }
        }

        return new ClaimResult(
            Check.AtMost("smallest Hessian eigenvalue at W₁ = W_{H+1} = 0, worst of all draws", highestLow, -1e-6),
            Check.AtLeast("largest Hessian eigenvalue there, worst of all draws", lowestHigh, 1e-6))
        {
            Note = "H = 1 (width 2) and H = 2 (widths 3, 2); middle weights Gaussian.",
        };
    }
}
