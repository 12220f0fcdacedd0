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
/// Seconds of a training epoch of the Figure 1 network at batch 128 on random images of MNIST's shape: launched op by op, recorded
/// once and replayed, and by the fused kernels. The first epoch, in which steps are recorded, is not counted.
/// </summary>
internal static class EpochTimes
{
    private const int BatchSize = 128, Epochs = 4;

    private static readonly (string Name, bool Captured, bool Fused)[] s_steps =
        [("plain", false, false), ("captured", true, false), ("fused", true, true)];

    /// <summary>Arguments: T1 of every network, number of images.</summary>
    public static void Run(string[] arguments)
    {
        int images = int.Parse(arguments[1], CultureInfo.InvariantCulture);
        using Device device = Device.Open(DeviceId.Default);
        using DeviceSamples samples = DeviceSamples.Upload(device, ComparedStep.Images(images, 1, 28, 1));
        Console.WriteLine($"An epoch of {images} images, median of {Epochs - 1}, on {device.Id} ({device.Context.Name})\n");
        Console.WriteLine("| T1 | step | seconds | µs per step |\n| --: | --- | --: | --: |");
        foreach (int t1 in arguments[0].Split(',').Select(word => int.Parse(word, CultureInfo.InvariantCulture)))
            foreach ((string name, bool captured, bool fused) in s_steps)
                Print(t1, name, Median(device, t1, samples, captured, fused), (images + BatchSize - 1) / BatchSize);
    }

    private static double Median(Device device, int t1, DeviceSamples samples, bool captured, bool fused)
    {
        Figure1Network model = new(t1);
        using ParameterSlab parameters = ParameterSlab.Initialize(model, device, DType.Float32, Initializer.GlorotUniform, 1);
        List<double> seconds = [];
        Trainer.Run(
            model, parameters, samples, new TrainingSettings(Epochs, BatchSize, new AdamSettings(1e-3), Captured: captured, Fused: fused),
            report => seconds.Add(report.Seconds));
        return seconds.Skip(1).Order().ElementAt((Epochs - 1) / 2);
    }

    private static void Print(int t1, string step, double seconds, int steps) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"| {t1} | {step} | {seconds:F4} | {1e6 * seconds / steps:F1} |"));
}
