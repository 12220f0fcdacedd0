using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Tests.Training;

/// <summary>Colour images from bytes to errors on images not seen: augmentation, Nesterov's momentum, a stepped rate.</summary>
[Collection("device")]
public sealed class ColourTrainingTests
{
    private const int Count = 1500, Epochs = 5, BatchSize = 20;

    // Guessing gives 450 ± 7 errors of 500.
    [Fact]
    public void A_small_network_learns_the_shapes_from_augmented_bytes()
    {
        using DeviceSamples train = DeviceSamples.UploadBytes(TestDevices.Primary, ProceduralShapes.Generate(Count, 1));
        using DeviceSamples test = DeviceSamples.UploadBytes(TestDevices.Primary, ProceduralShapes.Generate(500, 2));
        Sequential model = Network();
        using ParameterSlab slab = ParameterSlab.Initialize(
            model, TestDevices.Primary, DType.Float32, Initializer.GlorotUniform, 3);
        SgdSettings sgd = new(LearningRate.TenthAtHalfAndThreeQuarters(0.01, Epochs * Count / BatchSize), 0.9, Nesterov: true);
        int before = Evaluation.Of(model, test).Errors;
        Trainer.Run(model, slab, train, new TrainingSettings(
            Epochs, BatchSize, sgd, LossNormalization.PerSample, Captured: true, Augmentation: new Augmentation()));
        int after = Evaluation.Of(model, test).Errors;
        Assert.InRange(before, 400, 500);
        Assert.True(after < 400, $"{after} errors of 500 after {Epochs} epochs");
    }

    private static Sequential Network() => new(
        [3, 32, 32],
        new Conv2d([3, 32, 32], filters: 8, kernel: 5, stride: 2, pad: 2), Activation.Relu,
        new Conv2d([8, 16, 16], filters: 16, kernel: 3, pad: 1), Activation.Relu, new MaxPool2d(2),
        new Conv2d([16, 8, 8], filters: 32, kernel: 3, pad: 1), Activation.Relu, new MaxPool2d(2),
        new Flatten(), new Linear(32 * 16, 10));
}
