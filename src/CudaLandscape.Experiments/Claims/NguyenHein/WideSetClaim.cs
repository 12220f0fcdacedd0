using CudaLandscape.Landscape.Layers;
using CudaLandscape.Landscape.Rank;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;
using CudaLandscape.Tensors.Linalg;
using MatrixRank = CudaLandscape.Tensors.Linalg.Rank;

namespace CudaLandscape.Experiments.Claims.NguyenHein;

/// <summary>Random parameters lie in S_k: F_k has rank N and all full weight matrices after it have full rank.</summary>
internal sealed class WideSetClaim : IClaim
{
    public int Item => 10;

    public string Name => "wide-set";

    public string Statement => "random parameters lie in S_k";

    public string Source => "Nguyen and Hein, ICML'18, Lemma 4.2; workshop version, Lemma 2.2";

    public IReadOnlyList<ClaimSize> Sizes { get; } =
    [
        new("n", "images, at most layer 1's neurons", 240, 100, 676),
        new("draws", "random parameters", 5, 3, 1000),
    ];

    public ClaimResult Run(ClaimContext context)
    {
        int n = context.Size("n"), draws = context.Size("draws"), wide = 0, weights = 0;
        Tensor x = WideFeatureNetwork.Samples(context, n);
        for (int draw = 0; draw < draws; draw++)
        {
            using TensorScope scope = new();
            Sequential model = Network();
            using ParameterSlab parameters = WideFeatureNetwork.Draw(context, model, context.Seed + (ulong)draw);
            if (MatrixRank.Of(ModelFeatures.Of(model, x, "act1")).Rank == n) wide++;
            if (((string[])["conv2", "fc"]).All(name => IsFullRank(model[name]))) weights++;
        }

        return new ClaimResult(
            Check.Equal($"draws with rank F_1 = N = {n}", wide, draws),
            Check.Equal("draws with U_2 and U_3 of full rank", weights, draws))
        {
            Note = "784 inputs, layers of 676, 72 and 10 neurons: two convolutions with stride 2 and a full layer, sigmoid.",
        };
    }

    private static Sequential Network()
    {
        Conv2d first = new([1, 28, 28], 4, kernel: 3, stride: 2, bias: BiasKind.Neuron);
        Conv2d second = new(first.OutputImage, 2, kernel: 3, stride: 2, bias: BiasKind.Neuron);
        return new Sequential(
            [1, 28, 28], ("conv1", first), ("act1", Activation.Sigmoid), ("conv2", second), ("act2", Activation.Sigmoid),
            ("flatten", new Flatten()), ("fc", new Linear(second.OutputImage.ElementCount, 10)));
    }

    private static bool IsFullRank(Node node)
    {
        using NoGradient noGradient = new();
        RankResult rank = MatrixRank.Of(FullWeights.Of(node.Module!, node.Inputs[0].Shape));
        return rank.Rank == rank.FullRank;
    }
}
