using System.Diagnostics;

namespace CudaLandscape.Nn.Training;

/// <summary>Epochs of steps, from wherever the last checkpoint is. Every network has a seed for its orders of samples.</summary>
internal sealed class TrainingLoop(
    TrainingStep step, IReadOnlyList<ulong> seeds, int sampleCount, TrainingSettings settings, TrainingCheckpoints? checkpoints,
    CancellationToken cancellation)
{
    private readonly SampleOrder[] _orders = [.. seeds.Select(seed => new SampleOrder(seed, sampleCount))];
    private TrainingCursor _cursor = TrainingCursor.Start;

    /// <summary>Trains to the end of the last epoch.</summary>
    public void Run(Action<EpochReport>? report)
    {
        if (checkpoints is not null) _cursor = checkpoints.Resume(step, Key);
        while (_cursor.Epoch <= settings.Epochs)
        {
            Stopwatch watch = Stopwatch.StartNew();
            RunEpoch();
            double[] losses = step.MeanLosses();
            if (Array.FindIndex(losses, loss => !double.IsFinite(loss)) is >= 0 and int network)
                throw new NonFiniteLossException(_cursor.Epoch, losses[network]);
            report?.Invoke(new EpochReport(_cursor.Epoch, settings.Epochs, losses, watch.Elapsed.TotalSeconds));
            _cursor = _cursor.NextEpoch;
            if (_cursor.Epoch > settings.Epochs) Save();
            else SaveIfDue();
        }
    }

    private void RunEpoch()
    {
        step.Begin(_cursor.Epoch, [.. _orders.SelectMany(order => order.Of(_cursor.Epoch))], _cursor.Sample);
        while (_cursor.Sample < sampleCount)
        {
            StopIfCancelled();
            int batch = Math.Min(settings.BatchSize, sampleCount - _cursor.Sample);
            step.Run(batch);
            _cursor = _cursor.After(batch);
            if (_cursor.Sample < sampleCount) SaveIfDue();
        }
    }

    private void StopIfCancelled()
    {
        if (!cancellation.IsCancellationRequested) return;
        Save();
        cancellation.ThrowIfCancellationRequested();
    }

    private void SaveIfDue()
    {
        if (checkpoints is { IsDue: true }) Save();
    }

    private void Save()
    {
        if (checkpoints is null || checkpoints.TrySave(step, _cursor, Key)) return;
        throw new NonFiniteLossException(_cursor.Epoch, double.NaN);
    }

    private string Key(TrainingCursor cursor) => string.Join("; ", _orders.Select(order => order.Key(cursor.Epoch)));
}
