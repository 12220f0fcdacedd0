using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Claims.NguyenHein;

/// <summary>Trainings of Figure 1's network with T1 = 10 on few images, in float32 with Adam, whole or behind a first layer that stays as drawn.</summary>
internal static class SmallTraining
{
    private const int T1 = 10, BatchSize = 25;
    private const double Rate = 4e-3;

    // Small random weights would leave the sigmoids of a layer that is not trained nearly constant.
    private static readonly Initializer s_random = new(InitializerKind.Normal, 1);

    /// <summary>Device bytes, roughly: images, and for a first layer that is not trained its outputs before and after pooling, in float32.</summary>
    public static long EstimateBytes(int samples, bool features) => 4L * samples * (2 * 784 + (features ? 3 * 676 * T1 : 0));

    /// <summary>The images first to first + count - 1 of the training set, with their labels or others.</summary>
    public static DeviceSamples Samples(ClaimContext context, int first, int count, int[]? labels = null)
    {
        ImageSet images = context.Images(first + count);
        using DeviceSamples all = DeviceSamples.Upload(context.Device, images);
        using TensorScope scope = new();
        Tensor own = labels is null ? all.LabelRange(first, count) : Tensor.From<int>(context.Device, [count], labels, "labels");
        return DeviceSamples.Of(all.ImageRange(first, count), own, images.ClassCount);
    }

    /// <summary>Errors on the samples and on others after a training of the whole network.</summary>
    public static (int Train, int Test) Whole(ClaimContext context, DeviceSamples train, DeviceSamples test, int epochs)
    {
        Figure1Network network = new(T1);
        using ParameterSlab parameters = ParameterSlab.Initialize(network, context.Device, DType.Float32, Initializer.GlorotUniform, context.Seed);
        return Train(context, network, parameters, train, test, epochs, fused: true);
    }

    /// <summary>The same of the layers above the first convolution and its pooling, which stay as they were drawn.</summary>
    public static (int Train, int Test) Above(ClaimContext context, DeviceSamples train, DeviceSamples test, int epochs)
    {
        Figure1Network network = new(T1);
        using ParameterSlab drawn = ParameterSlab.Initialize(network, context.Device, DType.Float32, s_random, context.Seed);
        Sequential above = new(
            [T1, 13, 13], new Conv2d([T1, 13, 13], filters: 20, kernel: 2), Activation.Sigmoid, new MaxPool2d(2), new Flatten(),
            new Linear(720, 100), Activation.Sigmoid, new Linear(100, 10));
        using ParameterSlab parameters = ParameterSlab.Initialize(above, context.Device, DType.Float32, Initializer.GlorotUniform, context.Seed + 1);
        using DeviceSamples trainFeatures = Features(network, train), testFeatures = Features(network, test);
        return Train(context, above, parameters, trainFeatures, testFeatures, epochs, fused: false);
    }

    private static DeviceSamples Features(Figure1Network network, DeviceSamples samples)
    {
        using TensorScope scope = new();
        return DeviceSamples.Of(network.Features("pool1", samples.Images).Detach(), samples.Labels, samples.ClassCount);
    }

    private static (int Train, int Test) Train(
        ClaimContext context, Module model, ParameterSlab parameters, DeviceSamples train, DeviceSamples test, int epochs, bool fused)
    {
        TrainingSettings settings = new(epochs, BatchSize, new AdamSettings(Rate), Seed: context.Seed, Captured: true, Fused: fused);
        Trainer.Run(model, parameters, train, settings, cancellation: context.Cancellation);
        return (Evaluation.Of(model, train, context.Cancellation).Errors, Evaluation.Of(model, test, context.Cancellation).Errors);
    }
}
