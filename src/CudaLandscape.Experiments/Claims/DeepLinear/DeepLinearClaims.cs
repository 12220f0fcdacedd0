using CudaLandscape.Landscape.DeepLinear;

namespace CudaLandscape.Experiments.Claims.DeepLinear;

/// <summary>The claims of Zhang's note on Kawaguchi, NIPS'16: deep linear networks, path sums and spin glasses.</summary>
internal static class DeepLinearClaims
{
    public const string Note = "Zhang's note on Kawaguchi, NIPS'16";

    public static IReadOnlyList<IClaim> All { get; } =
    [
        new NonConvexityClaim(), new NoBadMinimaClaim(), new StrictSaddlesClaim(),
        new BadSaddlesClaim(),
        new KroneckerGradientClaim(), new KroneckerIdentitiesClaim(), new CriticalPointLemmasClaim(),
        new RankPerturbationClaim(),
        new BaldiHornikClaim(),
        new ReluPathsClaim(), new PathAverageClaim(),
        new SpinGlassDescentClaim(), new SpinGlassIndexClaim(),
        new LowRankProductsClaim(),
    ];

    /// <summary>Data of 5 inputs, 4 outputs and 20 samples, drawn from the seed: p below 4 is a restriction.</summary>
    public static DeepLinearProblem Problem(ClaimContext context) =>
        DeepLinearProblem.Gaussian(context.Device, 5, 4, 20, context.Stream(1));

    /// <summary>All sets of count indices below n, in lexicographic order.</summary>
    public static IEnumerable<int[]> Subsets(int n, int count) => count == 0
        ? [[]]
        : Enumerable.Range(0, n).SelectMany(first => Subsets(n - first - 1, count - 1)
            .Select(rest => (int[])[first, .. rest.Select(i => i + first + 1)]));
}
