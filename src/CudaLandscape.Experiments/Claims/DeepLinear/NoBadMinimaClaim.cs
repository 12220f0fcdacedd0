using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Landscape.DeepLinear;

namespace CudaLandscape.Experiments.Claims.DeepLinear;

/// <summary>Descent from many starts ends at L*, and no point where it ends has a Hessian without positive eigenvalues.</summary>
internal sealed class NoBadMinimaClaim : IClaim
{
    private static readonly long[][] s_hidden = [[2], [3, 2], [2, 3, 2]];

    public int Item => 24;

    public string Name => "deep-linear-minima";

    public string Statement => "every local minimum of a deep linear network is global, and there is no maximum";

    public string Source => $"{DeepLinearClaims.Note}, Theorems 1.2 and 1.3";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [new("inits", "random starts for each depth", 10, 4, 100_000)];

    public ClaimResult Run(ClaimContext context)
    {
        using DeepLinearProblem problem = DeepLinearClaims.Problem(context);
        CriticalPoint[] ends = [.. s_hidden.SelectMany(hidden => Ends(context, problem, hidden))];
        double best = problem.OptimalLoss(2);
        return new ClaimResult(
            Check.Equal("loss at the end of descent, the one farthest from L*", ends.MaxBy(e => Math.Abs(e.Value - best))!.Value, best, 1e-8),
            Check.AtMost("largest ‖gradient‖ there", ends.Max(e => e.GradientNorm), 1e-9),
            Check.AtMost("largest index there", ends.Max(e => e.Index), 0),
            Check.AtLeast("smallest λ_max there: no maximum", ends.Min(e => e.Highest), 1e-6))
        {
            Note = $"H = 1, 2, 3 with p = 2; {ends.Length} starts of several scales. L* = ½ (‖Y‖² - Λ₁ - Λ₂) from the eigenvalues of "
                + $"Σ = Y Xᵀ (X Xᵀ)⁻¹ X Yᵀ. An index is counted with the tolerance {CriticalPoint.RelativeTolerance:G1} λ_max. Descent "
                + "can only show what it reaches; that there are no other minima is the theorem.",
        };
    }

    private static IEnumerable<CriticalPoint> Ends(ClaimContext context, DeepLinearProblem problem, long[] hidden)
    {
        for (int init = 0; init < context.Size("inits"); init++)
        {
            using DeepLinearNetwork network = DeepLinearNetwork.Random(
                problem, hidden, context.Stream(200 + 10 * (ulong)init), 0.75 + 0.25 * (init % 4));
            GradientDescent.Run(network.Objective, 1e-3, 20_000, context.Cancellation);
            GradientNormMinimizer.Run(network.Objective, cancellation: context.Cancellation);
            yield return CriticalPoint.At(network.Objective);
        }
    }
}
