using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Landscape.DeepLinear;

namespace CudaLandscape.Experiments.Claims.DeepLinear;

/// <summary>Lemma 1 at critical points of all kinds, Lemma 2 at those with a positive semidefinite Hessian.</summary>
internal sealed class CriticalPointLemmasClaim : IClaim
{
    private static readonly long[][] s_hidden = [[2, 2], [3, 2, 3]];

    public int Item => 26;

    public string Name => "critical-point-lemmas";

    public string Statement => "what critical points of a deep linear network look like";

    public string Source => $"{DeepLinearClaims.Note}, Lemmas 1 and 2";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [new("inits", "random starts for each depth", 6, 2, 100_000)];

    public ClaimResult Run(ClaimContext context)
    {
        using DeepLinearProblem problem = DeepLinearClaims.Problem(context);
        double product = 0, rank = 0, projection = 0;
        (int semidefinite, int saddles) = (0, 0);
        foreach (DeepLinearNetwork network in s_hidden.SelectMany(hidden => Points(context, problem, hidden)))
        {
            using (network)
            {
                product = Math.Max(product, CriticalPointConditions.ProductError(network));
                if (CriticalPoint.At(network.Objective).Index > 0)
                {
                    saddles++;
                    continue;
                }

                semidefinite++;
                rank = Math.Max(rank, CriticalPointConditions.RankAlternative(network));
                projection = Math.Max(projection, CriticalPointConditions.ProjectionAlternative(network));
            }
        }

        return new ClaimResult(
            Check.AtMost("Lemma 1: ‖W_{H+1} … W₁ - C (CᵀC)⁻ Cᵀ B‖ / ‖B‖", product, 1e-8),
            Check.AtMost("Lemma 2: ‖X rᵀ W_{H+1} … W_{k+1}‖ where the ranks break", rank, 1e-8),
            Check.AtMost("Lemma 2: ‖C (CᵀC)⁻ Cᵀ - U_p U_pᵀ‖, or X rᵀ = 0", projection, 1e-6),
            Check.AtLeast("points with a positive semidefinite Hessian", semidefinite, 1),
            Check.AtLeast("saddles", saddles, 1))
        {
            Note = "H = 2 (widths 2, 2) and H = 3 (widths 3, 2, 3); minima by descent, saddles by construction. B = Y Xᵀ (X Xᵀ)⁻¹, r = Ŷ - Y. "
                + "At saddles Lemma 2 says nothing.",
        };
    }

    private static IEnumerable<DeepLinearNetwork> Points(ClaimContext context, DeepLinearProblem problem, long[] hidden)
    {
        for (int init = 0; init < context.Size("inits"); init++)
        {
            DeepLinearNetwork network = DeepLinearNetwork.Random(problem, hidden, context.Stream(700 + 10 * (ulong)init));
            GradientDescent.Run(network.Objective, 1e-4, 20_000, context.Cancellation);
            GradientNormMinimizer.Run(network.Objective, cancellation: context.Cancellation);
            yield return network;
        }

        foreach (int[] subset in DeepLinearClaims.Subsets(4, 2))
            yield return DeepLinearPoints.OfSubset(problem, hidden, subset, context.Stream(790));
    }
}
