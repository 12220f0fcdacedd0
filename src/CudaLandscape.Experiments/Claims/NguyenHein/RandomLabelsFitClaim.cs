using CudaLandscape.Landscape.Expressivity;
using CudaLandscape.Landscape.Rank;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Experiments.Claims.NguyenHein;

/// <summary>A one-hidden-layer convolutional network with n_1 ≥ N fits any labels: one linear solve, and few parameters.</summary>
internal sealed class RandomLabelsFitClaim : IClaim
{
    public int Item => 9;

    public string Name => "random-labels-fit";

    public string Statement => "one linear solve on wide features fits random labels, with fewer parameters than a full layer";

    public string Source => "Nguyen and Hein, ICML'18, Corollary 3.6";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [new("n", "images, at most the wide layer's neurons", 400, 100, 2880)];

    public long EstimateBytes(ClaimContext context) => WideFeatureNetwork.EstimateBytes(context.Size("n"));

    public ClaimResult Run(ClaimContext context)
    {
        int n = context.Size("n");
        Tensor x = WideFeatureNetwork.Samples(context, n);
        Sequential model = WideFeatureNetwork.Create(1, Activation.Sigmoid);
        using ParameterSlab parameters = WideFeatureNetwork.Draw(context, model, context.Seed);
        Tensor f = ModelFeatures.Of(model, x, WideFeatureNetwork.Wide);
        Tensor values = RandomTensor.Normal(context.Device, [n, 1], DType.Float64, context.Stream(1));
        Tensor signs = RandomTensor.Normal(context.Device, [n, 1], DType.Float64, context.Stream(2)).Sign();
        return new ClaimResult(
            Check.AtMost("largest |F λ - y| for normal y", Residual(f, values).MaxAbs().Item(), 1e-8),
            Check.AtMost("largest |F λ - y| for random labels ±1", Residual(f, signs).MaxAbs().Item(), 1e-8),
            Check.Equal("parameters for MNIST, convolution of 3 x 3 with n_1 = 676 · 89: 2 n_1 + 9 · 89 + 1", Count(Convolutional()), 2 * 60_164 + 9 * 89 + 1),
            Check.AtMost("the same for each of n_1 neurons: less than 3", Count(Convolutional()) / 60_164.0, 3),
            Check.Equal("parameters of a full layer of N neurons: N d + 2 N + 1", Count(Full()), 60_000.0 * 784 + 2 * 60_000 + 1));
    }

    private static Tensor Residual(Tensor f, Tensor y) => f.MatMul(MinimumNormFit.Solve(f, y)) - y;

    private static double Count(Module model) => model.ParameterCount;

    private static Sequential Convolutional()
    {
        Conv2d first = new([1, 28, 28], 89, kernel: 3, bias: BiasKind.Neuron);
        return new Sequential([1, 28, 28], first, Activation.Sigmoid, new Flatten(), new Linear(first.OutputImage.ElementCount, 1));
    }

    private static Sequential Full() => new([784], new Linear(784, 60_000), Activation.Sigmoid, new Linear(60_000, 1));
}
