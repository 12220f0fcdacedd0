using CudaLandscape.Landscape.Rank;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;
using MatrixRank = CudaLandscape.Tensors.Linalg.Rank;

namespace CudaLandscape.Experiments.Claims.NguyenHein;

/// <summary>
/// The network whose features are measured: 28 x 28 images, a narrow convolution, 3 x 3 with stride 2 (169 T1 neurons), max-pooled
/// when asked for, then a wide one, 2 x 2 with 20 filters. Weights and biases are normal.
/// </summary>
internal static class WideFeatureNetwork
{
    /// <summary>Nodes of the first and second layer's features.</summary>
    public const string Narrow = "act1", Wide = "act2";

    /// <summary>Declares it.</summary>
    public static Sequential Create(int t1, Activation activation, bool pools = false)
    {
        Conv2d first = new([1, 28, 28], t1, kernel: 3, stride: 2, bias: BiasKind.Neuron);
        MaxPool2d pool = new(2);
        Shape between = pools ? pool.OutputShape(first.OutputImage) : first.OutputImage;
        Conv2d second = new(between, 20, kernel: 2, bias: BiasKind.Neuron);
        (string, Module)[] head = [("conv1", first), (Narrow, activation)];
        (string, Module)[] tail = [("conv2", second), (Wide, activation)];
        return new Sequential([1, 28, 28], pools ? [.. head, ("pool1", pool), .. tail] : [.. head, .. tail]);
    }

    /// <summary>Draws weights and biases of a standard deviation.</summary>
    public static ParameterSlab Draw(ClaimContext context, Module model, ulong seed, double deviation = 1) =>
        ParameterSlab.Initialize(model, context.Device, DType.Float64, new Initializer(InitializerKind.Normal, deviation), seed);

    /// <summary>Ranks of features, made from the network and the draw's number, for the claim's "draws" of random weights.</summary>
    public static List<RankResult> Ranks(
        ClaimContext context, Activation activation, Func<Sequential, int, Tensor> features, bool pools = false, double deviation = 1)
    {
        List<RankResult> ranks = [];
        for (int draw = 0; draw < context.Size("draws"); draw++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            using TensorScope scope = new();
            Sequential model = Create(1, activation, pools);
            using ParameterSlab parameters = Draw(context, model, context.Seed + (ulong)draw, deviation);
            ranks.Add(MatrixRank.Of(features(model, draw)));
        }

        return ranks;
    }

    /// <summary>The first images with noise of variance 1e-5, Float64 [N,1,28,28], released with the claim.</summary>
    public static Tensor Samples(ClaimContext context, int count)
    {
        ImageSet images = context.Images(count);
        using DeviceSamples samples = DeviceSamples.Upload(context.Device, images, Math.Sqrt(1e-5), context.Stream(1UL << 50));
        return samples.Images.Cast(DType.Float64);
    }

    /// <summary>Device bytes, roughly: patches and outputs of the wide layer for all samples at once, and copies of its features.</summary>
    public static long EstimateBytes(int samples) => 6 * FeatureMatrix.Bytes(samples, 2880);
}
