using CudaLandscape.Figures;
using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Landscape.DeepLinear;

namespace CudaLandscape.Experiments.Claims.DeepLinear;

/// <summary>With one hidden layer, critical points found by minimising the gradient's norm are those of eigenvector subsets.</summary>
internal sealed class BaldiHornikClaim : IClaim
{
    public int Item => 28;

    public string Name => "baldi-hornik";

    public string Statement => "with one hidden layer, critical points belong to eigenvector subsets, and only the top p is a minimum";

    public string Source => $"{DeepLinearClaims.Note}, after Baldi and Hornik (1989)";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [new("inits", "random starts", 40, 10, 100_000)];

    public ClaimResult Run(ClaimContext context)
    {
        using DeepLinearProblem problem = DeepLinearClaims.Problem(context);
        int[][] subsets = [.. Enumerable.Range(0, 3).SelectMany(count => DeepLinearClaims.Subsets(4, count))];
        CriticalPoint[] found = [.. Found(context, problem)];
        int[] nearest = [.. found.Select(p => Array.IndexOf(subsets, subsets.MinBy(s => Math.Abs(problem.LossOf(s) - p.Value))))];
        double distance = found.Zip(nearest, (p, n) => Math.Abs(problem.LossOf(subsets[n]) - p.Value)).DefaultIfEmpty(0).Max();
        int top = Array.FindIndex(subsets, s => s is [0, 1]);
        return new ClaimResult(
            Check.AtMost("distance of a critical point's loss from ½ (‖Y‖² - Σ_I Λᵢ) of the nearest subset, worst", distance, 1e-8),
            Check.Equal("points of index 0 whose subset is not the top p", found.Zip(nearest).Count(f => f.First.Index == 0 && f.Second != top), 0),
            Check.Equal("points of the top p with an index above 0", found.Zip(nearest).Count(f => f.First.Index > 0 && f.Second == top), 0),
            Check.AtLeast("different subsets found", nearest.Distinct().Count(), 4),
            Check.Observe("searches that converged", found.Length, $"of {context.Size("inits")}"))
        {
            Note = $"p = 2 of 4 outputs: {subsets.Length} subsets of at most p. Starts are Gaussian, some after a few steps of descent; the search "
                + $"minimises ‖∇Φ‖ and ends below 1e-11. Subsets found: {string.Join(", ", nearest.Distinct().Order().Select(n => Text(subsets[n])))}.",
            Figures = [new("baldi-hornik", Draw(found, [.. subsets.Select(s => problem.LossOf(s))]))],
        };
    }

    private static Plot Draw(CriticalPoint[] found, double[] losses) => new(
        "Critical points of a linear network with one hidden layer", new Axis("loss"), new Axis("index: negative eigenvalues of the Hessian"),
        [
            .. losses.Order().Select((loss, i) => Series.Vertical(i == 0 ? "½ (‖Y‖² − Σ Λᵢ) of a subset" : "", loss)),
            Series.Points("points found", [.. found.Select(p => p.Value)], [.. found.Select(p => (double)p.Index)]),
        ]);

    private static IEnumerable<CriticalPoint> Found(ClaimContext context, DeepLinearProblem problem)
    {
        for (int init = 0; init < context.Size("inits"); init++)
        {
            using DeepLinearNetwork network = DeepLinearNetwork.Random(problem, [2], context.Stream(1000 + 10 * (ulong)init));
            if (init % 5 > 0) GradientDescent.Run(network.Objective, maxSteps: init % 5 * 3);
            if (GradientNormMinimizer.Run(network.Objective, tolerance: 1e-11, cancellation: context.Cancellation).Converged)
                yield return CriticalPoint.At(network.Objective);
        }
    }

    private static string Text(int[] subset) => $"{{{string.Join(", ", subset.Select(i => i + 1))}}}";
}
