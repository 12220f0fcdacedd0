using System.Diagnostics;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Nn.Training;

/// <summary>Mini-batch training of a classifier by the squared loss to one-hot targets.</summary>
public static class Trainer
{
    // Far from the streams of parameters (0, 1, …) and noise.
    private const ulong OrderStream = 1UL << 40;

    /// <summary>
    /// Trains in place. Epoch e visits the samples in the order of stream 2^40 + e of the seed; the loss stays on the device
    /// until the epoch's end.
    /// </summary>
    /// <exception cref="NonFiniteLossException">The loss of an epoch is not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled between two steps.</exception>
    public static void Run(
        Module model, ParameterSlab parameters, DeviceSamples samples, TrainingSettings settings,
        Action<EpochReport>? report = null, CancellationToken cancellation = default)
    {
        settings.Validate();
        using TrainingStep step = new(model, parameters, samples, settings);
        for (int epoch = 1; epoch <= settings.Epochs; epoch++)
        {
            Stopwatch watch = Stopwatch.StartNew();
            step.Begin(epoch, Philox.Permutation(new RandomStream(settings.Seed, OrderStream + (ulong)epoch), samples.Count));
            RunEpoch(step, samples.Count, settings.BatchSize, cancellation);
            double loss = step.MeanLoss();
            if (!double.IsFinite(loss)) throw new NonFiniteLossException(epoch, loss);
            report?.Invoke(new EpochReport(epoch, settings.Epochs, loss, watch.Elapsed.TotalSeconds));
        }
    }

    private static void RunEpoch(TrainingStep step, int count, int batchSize, CancellationToken cancellation)
    {
        for (int begin = 0; begin < count; begin += batchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            step.Run(Math.Min(batchSize, count - begin));
        }
    }
}
