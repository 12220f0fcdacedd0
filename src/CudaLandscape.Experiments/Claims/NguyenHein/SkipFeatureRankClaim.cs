using CudaLandscape.Landscape.Rank;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Experiments.Claims.NguyenHein;

/// <summary>Any N hidden neurons, of whatever layers, that are connected to the output have features Ψ of rank N at random weights.</summary>
internal sealed class SkipFeatureRankClaim : IClaim
{
    // Of weights and biases: softplus then stays far from underflow.
    private const double Deviation = 0.3;

    public int Item => 17;

    public string Name => "skip-feature-rank";

    public string Statement => "N neurons of several layers have features Ψ of rank N with random weights";

    public string Source => "Nguyen, Mukkamala and Hein, ICLR'19, Lemma 3.2";

    public IReadOnlyList<ClaimSize> Sizes { get; } =
    [
        new("n", "images, and neurons drawn from both layers; more than the linear network's 170", 240, 171, 3000),
        new("draws", "random weights for each activation", 3, 2, 1000),
    ];

    public long EstimateBytes(ClaimContext context) => WideFeatureNetwork.EstimateBytes(context.Size("n"));

    public ClaimResult Run(ClaimContext context)
    {
        int n = context.Size("n"), draws = context.Size("draws");
        Tensor x = WideFeatureNetwork.Samples(context, n);
        return new ClaimResult(
            Check.Equal($"draws with rank N = {n}, sigmoid", FullRank(context, x, Activation.Sigmoid), draws),
            Check.Equal("softplus, α = 20", FullRank(context, x, Activation.Softplus(20)), draws),
            Check.Equal("the same neurons of a linear network: draws with rank N", FullRank(context, x, Activation.Identity), 0))
        {
            Note = "The N neurons are drawn at random from the 169 and 2880 of two convolutional layers, so that Ψ is square. Its columns are scaled to "
                + "length 1, which leaves the exact rank as it is: a softplus neuron far below its threshold has a column so short that float64 drops it otherwise.",
        };
    }

    private static int FullRank(ClaimContext context, Tensor x, Activation activation) =>
        WideFeatureNetwork.Ranks(context, activation, (model, draw) => Features(context, x, model, draw), deviation: Deviation)
            .Count(rank => rank.Rank == x.Shape[0]);

    private static Tensor Features(ClaimContext context, Tensor x, Sequential model, int draw)
    {
        int n = (int)x.Shape[0];
        Tensor all = ModelFeatures.Of(model, x, WideFeatureNetwork.Narrow, WideFeatureNetwork.Wide);
        int[] neurons = Philox.Permutation(context.Stream(1000 + (ulong)draw), (int)all.Shape[1])[..n];
        return ModelFeatures.WithUnitColumns(all.Gather(Tensor.From<int>(context.Device, [n], neurons)));
    }
}
