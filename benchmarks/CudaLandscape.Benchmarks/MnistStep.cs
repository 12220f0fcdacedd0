using System.Globalization;
using CudaLandscape.Interop;
using CudaLandscape.Nn.Checkpoints;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Benchmarks;

/// <summary>
/// Our side of <c>baselines/mnist_step.py</c>, which starts this program and compares it with PyTorch: training steps of the
/// Figure 1 network at batch 128 on random images. It writes what the other side needs to a file, prints the losses of the
/// first steps, and then times as many steps as asked whenever a line comes in.
/// </summary>
internal static class MnistStep
{
    private const int BatchSize = 128, AgreementSteps = 20;

    /// <summary>Arguments: T1, steps per round, <c>fused</c>, <c>captured</c> or <c>plain</c>, the file to write.</summary>
    public static void Run(string[] arguments)
    {
        int t1 = int.Parse(arguments[0], CultureInfo.InvariantCulture), steps = int.Parse(arguments[1], CultureInfo.InvariantCulture);
        (string kind, string file) = (arguments[2], arguments[3]);
        using Device device = Device.Open(DeviceId.Default);
        Figure1Network model = new(t1);
        using ParameterSlab parameters = ParameterSlab.Initialize(model, device, DType.Float32, Initializer.GlorotUniform, 1);
        using DeviceSamples first = DeviceSamples.Upload(device, ComparedStep.Images(BatchSize, 1, 28, 1));
        using DeviceSamples many = DeviceSamples.Upload(device, ComparedStep.Images(BatchSize * steps, 1, 28, 2));
        Export(file, parameters, first);
        TrainingSettings settings = new(
            AgreementSteps, BatchSize, new AdamSettings(1e-3), Captured: kind != "plain", Fused: kind == "fused");
        Trainer.Run(model, parameters, first, settings, ComparedStep.PrintLoss);
        Trainer.Run(model, parameters, many, settings with { Epochs = int.MaxValue }, _ => ComparedStep.EndRound(steps));
    }

    // One batch is a whole epoch of the first set, so that the order of samples does not matter to the losses.
    private static void Export(string file, ParameterSlab parameters, DeviceSamples first) => ComparedStep.Export(
        file,
        [
            .. parameters.State.Select(s => SafetensorsTensor.Of(s.Name, s.Value)), SafetensorsTensor.Of("images", first.Images),
            SafetensorsTensor.Of("labels", first.Labels),
        ]);
}
