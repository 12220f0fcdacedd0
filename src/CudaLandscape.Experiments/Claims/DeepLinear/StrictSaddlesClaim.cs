using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Landscape.DeepLinear;

namespace CudaLandscape.Experiments.Claims.DeepLinear;

/// <summary>Constructed critical points with rank(W_H … W₂) = p, for every subset of p eigenvectors.</summary>
internal sealed class StrictSaddlesClaim : IClaim
{
    private static readonly long[][] s_hidden = [[2, 2], [2, 3, 2]];

    public int Item => 24;

    public string Name => "strict-saddles";

    public string Statement => "a saddle with rank(W_H … W₂) = p has a negative eigenvalue";

    public string Source => $"{DeepLinearClaims.Note}, Theorem 1.4";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [new("draws", "networks for each depth and subset", 3, 1, 10_000)];

    public ClaimResult Run(ClaimContext context)
    {
        using DeepLinearProblem problem = DeepLinearClaims.Problem(context);
        List<CriticalPoint> minima = [], saddles = [];
        double lossError = 0;
        foreach (long[] hidden in s_hidden)
        {
            foreach (int[] subset in DeepLinearClaims.Subsets(4, 2))
            {
                for (int draw = 0; draw < context.Size("draws"); draw++)
                {
                    context.Cancellation.ThrowIfCancellationRequested();
                    using DeepLinearNetwork network = DeepLinearPoints.OfSubset(problem, hidden, subset, context.Stream(300 + 10 * (ulong)draw));
                    CriticalPoint point = CriticalPoint.At(network.Objective);
                    (subset is [0, 1] ? minima : saddles).Add(point);
                    lossError = Math.Max(lossError, Math.Abs(point.Value - problem.LossOf(subset)));
                }
            }
        }

        return new ClaimResult(
            Check.AtMost("λ_min / λ_max at the constructed saddles, the one nearest to 0", saddles.Max(s => s.Lowest / s.Highest), -1e-6),
            Check.AtMost("-λ_min / λ_max where the subset is the p largest, worst", minima.Max(m => -m.Lowest / m.Highest), CriticalPoint.RelativeTolerance),
            Check.AtMost("largest ‖gradient‖ / λ_max", minima.Concat(saddles).Max(s => s.GradientNorm / s.Highest), 1e-10),
            Check.AtMost("error of the loss ½ (‖Y‖² - Σ_I Λᵢ)", lossError, 1e-9))
        {
            Note = $"C = W_{{H+1}} … W₂ with the range span(uᵢ, i ∈ I), W₁ = C⁺ Y Xᵀ (X Xᵀ)⁻¹; H = 2 and 3, p = 2, all 6 subsets I of 4. "
                + $"Negative eigenvalues per saddle: {saddles.Min(s => s.Index)} to {saddles.Max(s => s.Index)}.",
            Figures =
            [
                new("strict-saddles", SpectrumPlot.Of("Hessian at constructed critical points, H = 2", relative: true,
                    ("I of the 2 largest Λᵢ: a minimum", minima[0]), ("another I: a saddle", saddles[0]))),
            ],
        };
    }
}
