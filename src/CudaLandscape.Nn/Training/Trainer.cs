using CudaLandscape.Nn.Modules;

namespace CudaLandscape.Nn.Training;

/// <summary>Mini-batch training of a classifier by the squared loss to one-hot targets or by the cross-entropy, see <see cref="Objective"/>.</summary>
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
            using TrainingStep step = TrainingStep.Create(model, parameters, samples, settings);
            new TrainingLoop(step, [settings.Seed], samples.Count, settings, checkpoints, cancellation).Run(report);
        }
        catch (NonFiniteLossException) when (checkpoints is not null)
        {
            AnomalySearch.Run(model, parameters, samples, settings, checkpoints, cancellation);
            throw;
        }
    }

    /// <summary>
    /// Trains several networks of ICML'18, Figure 1, in the same launches, each with its own T1, parameters and seed; each ends
    /// with the bits that a fused training of its own gives. Settings but the seed are common to all.
    /// </summary>
    /// <exception cref="NotSupportedException">There is no fused step for a network or the data.</exception>
    /// <exception cref="NonFiniteLossException">A loss or a weight is not finite; the last good checkpoint is kept.</exception>
    /// <exception cref="OperationCanceledException">Cancelled between two steps.</exception>
    public static void RunTogether(
        IReadOnlyList<TrainedNetwork> networks, DeviceSamples samples, TrainingSettings settings, Action<EpochReport>? report = null,
        CancellationToken cancellation = default, TrainingCheckpoints? checkpoints = null)
    {
        settings.Validate();
        ParameterSlab[] slabs = [.. networks.Select(network => network.Parameters)];
        using ParameterSlab all = ParameterSlab.Join(slabs);
        using FusedStep step = new([.. networks.Select(network => FusedStep.Require(network.Model))], all, samples, settings);
        try
        {
            new TrainingLoop(step, [.. networks.Select(n => n.Seed)], samples.Count, settings, checkpoints, cancellation).Run(report);
        }
        finally
        {
            all.CopyTo(slabs);
        }
    }
}
