using CudaLandscape.Landscape.Rank;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;
using MatrixRank = CudaLandscape.Tensors.Linalg.Rank;

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

    private static int FullRank(ClaimContext context, Tensor x, Activation activation)
    {
        int full = 0, n = (int)x.Shape[0];
        for (int draw = 0; draw < context.Size("draws"); draw++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            using TensorScope scope = new();
            var model = WideFeatureNetwork.Create(1, activation);
            using ParameterSlab parameters = WideFeatureNetwork.Draw(context, model, context.Seed + (ulong)draw, Deviation);
            Tensor features = ModelFeatures.Of(model, x, WideFeatureNetwork.Narrow, WideFeatureNetwork.Wide);
            int[] neurons = Philox.Permutation(context.Stream(1000 + (ulong)draw), (int)features.Shape[1])[..n];
            Tensor psi = features.Gather(Tensor.From<int>(context.Device, [n], neurons));
            if (MatrixRank.Of(ModelFeatures.WithUnitColumns(psi)).Rank == n) full++;
        }

        return full;
    }
}
