using CudaLandscape.Nn.Modules;

namespace CudaLandscape.Nn.Training;

/// <summary>Mini-batch training of a classifier by the squared loss to one-hot targets.</summary>
public static class Trainer
{
    /// <summary>
    /// Trains in place. Epoch e visits the samples in an order of its own, drawn from the seed; the loss stays on the device
    /// until the epoch's end. With checkpoints it goes on from the last one, saves when one is due, when it is cancelled and at
    /// the end, and ends with the same bits however often it was stopped.
    /// </summary>
    /// <exception cref="NonFiniteLossException">A loss or a weight is not finite; the last good checkpoint is kept.</exception>
    /// <exception cref="OperationCanceledException">Cancelled between two steps.</exception>
    /// <exception cref="IOException">A checkpoint cannot be written or read; the message says why.</exception>
    public static void Run(
        Module model, ParameterSlab parameters, DeviceSamples samples, TrainingSettings settings,
        Action<EpochReport>? report = null, CancellationToken cancellation = default, TrainingCheckpoints? checkpoints = null)
    {
        settings.Validate();
        try
        {
            using TrainingStep step = new(model, parameters, samples, settings);
            new TrainingLoop(step, samples.Count, settings, checkpoints, cancellation).Run(report);
        }
        catch (NonFiniteLossException) when (checkpoints is not null)
        {
            AnomalySearch.Run(model, parameters, samples, settings, checkpoints, cancellation);
            throw;
        }
    }
}
