using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Landscape.DeepLinear;

namespace CudaLandscape.Experiments.Claims.DeepLinear;

/// <summary>A bad saddle is moved to a point of rank p with the same loss, from which the loss can be lowered.</summary>
internal sealed class RankPerturbationClaim : IClaim
{
    public int Item => 27;

    public string Name => "rank-perturbation";

    public string Statement => "a point of lower rank can be moved to rank p without changing the loss";

    public string Source => $"{DeepLinearClaims.Note}, proof of claim 2";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [new("draws", "random bad saddles for each size of the perturbation", 5, 1, 10_000)];

    public ClaimResult Run(ClaimContext context)
    {
        using DeepLinearProblem problem = DeepLinearClaims.Problem(context);
        double change = 0, gain = double.PositiveInfinity;
        (int before, int after) = (0, int.MaxValue);
        foreach (double epsilon in (double[])[1e-1, 1e-2, 1e-3])
        {
            for (int draw = 0; draw < context.Size("draws"); draw++)
            {
                using DeepLinearNetwork bad = DeepLinearPoints.WithZeros(problem, [2, 2, 2], [1, 2, 3], context.Stream(800 + 10 * (ulong)draw));
                using DeepLinearNetwork raised = RankRaising.Perturb(bad, epsilon, context.Stream(900 + 10 * (ulong)draw));
                double loss = bad.Objective.Value();
                change = Math.Max(change, Math.Abs(raised.Objective.Value() - loss) / loss);
                before = Math.Max(before, SmallMatrices.Rank(bad.Product(3, 2)));
                after = Math.Min(after, Rank(raised, epsilon));
                gain = Math.Min(gain, (loss - GradientDescent.Run(raised.Objective, maxSteps: 200, cancellation: context.Cancellation).Value) / loss);
            }
        }

        return new ClaimResult(
            Check.AtMost("relative change of the loss", change, 1e-14),
            Check.Equal("rank(W₃ W₂) before, largest", before, 0),
            Check.Equal("rank(W₃ W₂) after, smallest", after, 2),
            Check.AtLeast("relative fall of the loss by descent from there, smallest", gain, 0.01))
        {
            Note = "H = 3, widths 2, 2, 2, at the bad saddles W₁ = W₂ = W₃ = 0; perturbations of size 0.1, 0.01 and 0.001. As such points are as "
                + "near as one likes, have the same loss and are no local minima, the bad saddle is none either.",
        };
    }

    // The product has the size ε²: its rank is that of the scaled matrix.
    private static int Rank(DeepLinearNetwork network, double epsilon) => SmallMatrices.Rank(network.Product(3, 2).Scale(1 / (epsilon * epsilon)));
}
