using CudaLandscape.Landscape.Paths;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Claims.Lecture;

/// <summary>
/// The small classifier between whose instances paths are drawn: 28 x 28 pixels in 2 x 2 means, two 3 x 3 convolutions of 8 and 16
/// filters with ReLU, with batch normalisation or without, max-pooled between, and a linear layer; cross-entropy.
/// </summary>
internal sealed class DigitNetwork : IDisposable
{
    private readonly Sequential _model;
    private readonly ParameterSlab _parameters;
    private readonly DeviceSamples _samples;

    /// <summary>A network as initialized.</summary>
    public DigitNetwork(DeviceSamples samples, bool normalised, ulong seed)
    {
        _samples = samples;
        _model = new Sequential([1, 28, 28], [.. Layers(normalised).Select((layer, i) => ($"{i}", layer))]);
        _parameters = ParameterSlab.Initialize(
            _model, samples.Images.Device, DType.Float32, new Initializer(InitializerKind.HeNormal), seed);
    }

    /// <summary>Device bytes, roughly: the images, and patches and outputs of both convolutions for an evaluation's thousand samples.</summary>
    public static long EstimateBytes(int samples) => 4L * 784 * samples + (80L << 20);

    /// <summary>The network for the drawing of curves.</summary>
    public Module Model => _model;

    /// <summary>Its parameters.</summary>
    public ParameterSlab Parameters => _parameters;

    /// <summary>Its loss at any point.</summary>
    public ModelLoss Loss => new(_model, _parameters, _samples);

    /// <summary>Its loss on other images at any point, the running statistics from its own.</summary>
    public ModelLoss LossOn(DeviceSamples others) => new(_model, _parameters, others, statistics: _samples);

    /// <summary>Trains it by SGD with momentum 0.9.</summary>
    public void Train(int epochs, ulong seed, CancellationToken cancellation) => Trainer.Run(
        _model, _parameters, _samples,
        new TrainingSettings(epochs, 50, new SgdSettings(0.05, 0.9), Seed: seed, Captured: true, Objective: Objective.CrossEntropy),
        cancellation: cancellation);

    /// <summary>Its loss and errors where it stands, by way of no curve.</summary>
    public PointLoss Evaluate(CancellationToken cancellation)
    {
        RunningStatistics.Estimate(_model, _samples, 128, cancellation);
        ClassificationEvaluation found = ClassificationEvaluation.Of(_model, _samples, cancellation);
        return new PointLoss(found.CrossEntropy, found.Errors);
    }

    public void Dispose() => _parameters.Dispose();

    private static IEnumerable<Module> Layers(bool normalised)
    {
        Module[] Normalised(int filters) => normalised ? [new BatchNorm2d(filters), Activation.Relu] : [Activation.Relu];
        return
        [
            new AvgPool2d(2), new Conv2d([1, 14, 14], 8, 3), .. Normalised(8), new MaxPool2d(2),
            new Conv2d([8, 6, 6], 16, 3), .. Normalised(16), new Flatten(), new Linear(256, 10),
        ];
    }
}
