using CudaLandscape.Landscape.Expressivity;
using CudaLandscape.Landscape.Interpolation;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Claims.NguyenMukkamalaHein;

/// <summary>The random-feature algorithm: one solve, no training error, and a test error far from what the same features allow.</summary>
internal sealed class ExactReadoutClaim : IClaim
{
    // Of the ridge readout, in units of the features' squares.
    private const double Ridge = 1;

    public int Item => 19;

    public string Name => "exact-readout";

    public string Statement => "random features and one solve of Ψ V = Y: no training error, poor test error";

    public string Source => $"{ValleyClaims.Paper}, section 3, after Theorem 3.3";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [new("n", "images, skip connections, and test images", 300, 100, 10_000)];

    public long EstimateBytes(ClaimContext context) => 8L * 8 * context.Size("n") * context.Size("n") + 32L * 784 * context.Size("n");

    public ClaimResult Run(ClaimContext context)
    {
        int n = context.Size("n");
        using SkipProblem problem = new(context, n);
        FrozenNeurons neurons = new(problem.Network);
        using DeviceSamples all = DeviceSamples.Upload(context.Device, context.Images(2 * n), Math.Sqrt(1e-5), context.Stream(1UL << 50));
        using DeviceSamples train = Part(all, 0, n), test = Part(all, n, n);
        using ExactReadout exact = ExactReadout.Fit(neurons, train, context.Cancellation);
        (int ridgeTrain, int ridgeTest) = RidgeErrors(neurons, train, test);
        double testError = (double)exact.Errors(test) / n;
        return new ClaimResult(
            Check.Equal("training errors of the solution of Ψ V = Y", exact.Errors(train), 0),
            Check.AtMost("‖Ψ V - Y‖ / ‖Y‖", exact.Residual, 1e-6),
            Check.AtLeast("its test error over that of a ridge readout of the same neurons", testError * n / Math.Max(1, ridgeTest), 1.5),
            Check.Observe("its test error", testError, "poor, says the paper"),
            Check.Observe("test error of the ridge readout", (double)ridgeTest / n),
            Check.Observe("training errors of the ridge readout", ridgeTrain))
        {
            Note = "As many neurons as samples: V is the only solution, whatever it does between the samples. Test images are the next of the "
                + "training set; both have noise of variance 1e-5.",
        };
    }

    private static DeviceSamples Part(DeviceSamples all, int begin, int count) =>
        DeviceSamples.Of(all.ImageRange(begin, count), all.LabelRange(begin, count), all.ClassCount);

    private static (int Train, int Test) RidgeErrors(FrozenNeurons neurons, DeviceSamples train, DeviceSamples test)
    {
        using TensorScope scope = new();
        using DeviceSamples features = neurons.Compute(train), others = neurons.Compute(test);
        Tensor v = MinimumNormFit.Solve(features.Images, train.Labels.OneHot(train.ClassCount, DType.Float64), Ridge);
        return (Errors(features, v), Errors(others, v));
    }

    private static int Errors(DeviceSamples features, Tensor v) => (int)features.Images.MatMul(v).ArgMax().CountDifferent(features.Labels).Item();
}
