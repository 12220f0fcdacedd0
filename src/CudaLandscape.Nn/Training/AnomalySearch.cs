using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Nn.Training;

/// <summary>Finds the step and the layer that first gave a value that is not finite.</summary>
internal static class AnomalySearch
{
    /// <summary>
    /// Repeats the steps since the last checkpoint, which is finite, one launch after the other under <see cref="AnomalyMode"/>;
    /// returns when none of them gives such a value. The parameters are overwritten.
    /// </summary>
    /// <exception cref="NonFiniteLossException">Names step, layer, op and tensors.</exception>
    public static void Run(
        Module model, ParameterSlab parameters, DeviceSamples samples, TrainingSettings settings, TrainingCheckpoints checkpoints,
        CancellationToken cancellation)
    {
        SampleOrder order = new(settings.Seed, samples.Count);
        using ComposedStep step = new(model, parameters, samples, settings with { Captured = false });
        if (checkpoints.Rewind(step, cursor => order.Key(cursor.Epoch)) is not { } cursor) return;
        for (; cursor.Epoch <= settings.Epochs; cursor = cursor.NextEpoch)
        {
            step.Begin(cursor.Epoch, order.Of(cursor.Epoch), cursor.Sample);
            while (cursor.Sample < samples.Count)
            {
                cancellation.ThrowIfCancellationRequested();
                int batch = Math.Min(settings.BatchSize, samples.Count - cursor.Sample);
                RunChecked(step, batch, cursor, samples.Count, settings.BatchSize);
                cursor = cursor.After(batch);
            }

            if (!double.IsFinite(step.MeanLosses()[0])) return;
        }
    }

    private static void RunChecked(TrainingStep step, int batch, TrainingCursor cursor, int sampleCount, int batchSize)
    {
        long stepsPerEpoch = (sampleCount + batchSize - 1) / batchSize;
        try
        {
            using AnomalyMode anomaly = new();
            step.Run(batch);
        }
        catch (NonFiniteValueException e)
        {
            throw new NonFiniteLossException(cursor, (cursor.Epoch - 1) * stepsPerEpoch + cursor.Sample / batchSize + 1, e);
        }
    }
}
