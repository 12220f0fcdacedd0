using System.Globalization;
using CudaLandscape.Interop;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Benchmarks;

/// <summary>
/// Our side of <c>baselines/together.py</c>: training steps of several Figure 1 networks in the same launches, at batch 128 on
/// random images. It prints every network's losses of the first steps, and then times as many steps as asked whenever a line
/// comes in; a step is one of all the networks.
/// </summary>
internal static class TogetherStep
{
    private const int BatchSize = 128, AgreementSteps = 20;

    /// <summary>Arguments: T1 of every network, their seeds, steps per round.</summary>
    public static void Run(string[] arguments)
    {
        int[] filters = Numbers(arguments[0]), seeds = Numbers(arguments[1]);
        int steps = int.Parse(arguments[2], CultureInfo.InvariantCulture);
        using Device device = Device.Open(DeviceId.Default);
        TrainedNetwork[] networks = [.. filters.Zip(seeds, (t1, seed) => Network(device, t1, (ulong)seed))];
        using DeviceSamples first = DeviceSamples.Upload(device, ComparedStep.Images(BatchSize, 1, 28, 1));
        using DeviceSamples many = DeviceSamples.Upload(device, ComparedStep.Images(BatchSize * steps, 1, 28, 2));
        TrainingSettings settings = new(AgreementSteps, BatchSize, new AdamSettings(1e-3), Captured: true, Fused: true);
        Trainer.RunTogether(networks, first, settings, PrintLosses);
        Trainer.RunTogether(networks, many, settings with { Epochs = int.MaxValue }, _ => ComparedStep.EndRound(steps));
    }

    private static int[] Numbers(string text) => [.. text.Split(',').Select(word => int.Parse(word, CultureInfo.InvariantCulture))];

    private static TrainedNetwork Network(Device device, int t1, ulong seed)
    {
        Figure1Network model = new(t1);
        return new TrainedNetwork(model, ParameterSlab.Initialize(model, device, DType.Float32, Initializer.GlorotUniform, seed), seed);
    }

    private static void PrintLosses(EpochReport report) =>
        Console.WriteLine(string.Join(' ', report.Losses.Select(loss => loss.ToString("R", CultureInfo.InvariantCulture))));
}
