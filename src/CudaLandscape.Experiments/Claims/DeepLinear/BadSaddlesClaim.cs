using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Landscape.DeepLinear;

namespace CudaLandscape.Experiments.Claims.DeepLinear;

/// <summary>W₁ = … = W_H = 0 with any W_{H+1}: without curvature for H ≥ 3, but not for H = 2, as the note says.</summary>
internal sealed class BadSaddlesClaim : IClaim
{
    public int Item => 25;

    public string Name => "bad-saddles";

    public string Statement => "W₁ = … = W_H = 0 has a zero Hessian when H > 1: true from H = 3 on, false for H = 2";

    public string Source => $"{DeepLinearClaims.Note}, \"bad saddles\"";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [new("draws", "random W_{H+1} for each depth", 5, 1, 10_000)];

    public ClaimResult Run(ClaimContext context)
    {
        using DeepLinearProblem problem = DeepLinearClaims.Problem(context);
        CriticalPoint[] deep = [.. Points(context, problem, [2, 2, 2], [1, 2, 3]), .. Points(context, problem, [2, 2, 2, 2], [1, 2, 3, 4])];
        CriticalPoint[] two = [.. Points(context, problem, [2, 2], [1, 2])], origin = [.. Points(context, problem, [2, 2], [1, 2, 3])];
        return new ClaimResult(
            Check.Contradicts("largest |λ| of the Hessian at H = 2, W₃ random, smallest of all draws", two.Min(Largest), 0, 1e-3),
            Check.Equal("largest |λ| of the Hessian at H = 3 and 4", deep.Max(Largest), 0),
            Check.Equal("largest |λ| of the Hessian at H = 2 with W₃ = 0 as well", origin.Max(Largest), 0),
            Check.Equal("largest ‖gradient‖ at all of them", deep.Concat(two).Concat(origin).Max(p => p.GradientNorm), 0))
        {
            Note = "With H = 2 the second derivative in the direction (δW₁, δW₂) is -2 ⟨Y, W₃ δW₂ δW₁ X⟩, which vanishes only if W₃ᵀ Y Xᵀ does; "
                + $"the eigenvalues come in pairs ±λ (λ_min {two[0].Lowest:G4}, λ_max {two[0].Highest:G4} in the first draw). "
                + "So with H = 2 these points are strict saddles; they are bad with H ≥ 3, or with H = 2 when W₃ = 0.",
            Figures =
            [
                new("bad-saddles", SpectrumPlot.Of("Hessian at W₁ = … = W_H = 0", relative: false,
                    ("H = 2, W₃ random", two[0]), ("H = 2, W₃ = 0", origin[0]), ("H = 3, W₄ random", deep[0]))),
            ],
        };
    }

    private static double Largest(CriticalPoint point) => Math.Max(-point.Lowest, point.Highest);

    private static IEnumerable<CriticalPoint> Points(ClaimContext context, DeepLinearProblem problem, long[] hidden, int[] zero)
    {
        for (int draw = 0; draw < context.Size("draws"); draw++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            using DeepLinearNetwork network = DeepLinearPoints.WithZeros(problem, hidden, zero, context.Stream(400 + 10 * (ulong)draw));
            yield return CriticalPoint.At(network.Objective);
        }
    }
}
