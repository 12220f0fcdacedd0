using CudaLandscape.Landscape.Rank;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Experiments.Claims.NguyenHein;

/// <summary>Random weights give a wide layer features of rank N, for sigmoid and softplus; a linear network cannot.</summary>
internal sealed class RandomFeatureRankClaim : IClaim
{
    public int Item => 6;

    public string Name => "random-feature-rank";

    public string Statement => "features of a wide layer have rank N with random weights";

    public string Source => "Nguyen and Hein, ICML'18, Theorem 3.5; workshop version, Theorem 2.1";

    public IReadOnlyList<ClaimSize> Sizes { get; } =
    [
        new("n", "images; more than the linear network's 170 and at most the wide layer's neurons", 240, 171, 500),
        new("draws", "random weights for each activation", 3, 2, 1000),
    ];

    public long EstimateBytes(ClaimContext context) => WideFeatureNetwork.EstimateBytes(context.Size("n"));

    public ClaimResult Run(ClaimContext context)
    {
        int n = context.Size("n"), draws = context.Size("draws");
        Tensor x = WideFeatureNetwork.Samples(context, n);
        List<RankResult> sigmoid = Ranks(context, x, Activation.Sigmoid, false);
        int Full(Activation a, bool pools = false) => Ranks(context, x, a, pools).Count(r => r.Rank == n);
        return new ClaimResult(
            Check.Equal($"draws with rank N = {n}, sigmoid, {WideFeatureNetwork.Wide}", sigmoid.Count(r => r.Rank == n), draws),
            Check.Equal("softplus, α = 20", Full(Activation.Softplus(20)), draws),
            Check.Equal("sigmoid, max-pooled before", Full(Activation.Sigmoid, pools: true), draws),
            Check.Equal("softplus, α = 20, max-pooled before", Full(Activation.Softplus(20), pools: true), draws),
            Check.AtMost("linear network: largest rank", Ranks(context, x, Activation.Identity, false).Max(r => r.Rank), 170),
            Check.Observe("ReLU, which the theorem leaves open: draws with rank N", Full(Activation.Relu), $"of {draws}"),
            Check.Observe("smallest singular value seen, sigmoid", sigmoid.Min(r => r.SigmaMin)))
        {
            Note = "Two layers, 169 and 2880 neurons (36 and 500 where the first is pooled); features in float64 from end to end. The linear network's rank is at most 169 + 1.",
        };
    }

    private static List<RankResult> Ranks(ClaimContext context, Tensor x, Activation activation, bool pools) =>
        WideFeatureNetwork.Ranks(context, activation, (model, _) => ModelFeatures.Of(model, x, WideFeatureNetwork.Wide), pools);
}
