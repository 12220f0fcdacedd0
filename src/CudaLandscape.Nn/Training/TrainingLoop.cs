using System.Diagnostics;

namespace CudaLandscape.Nn.Training;

/// <summary>Epochs of steps, from wherever the last checkpoint is.</summary>
internal sealed class TrainingLoop(
    TrainingStep step, int sampleCount, TrainingSettings settings, TrainingCheckpoints? checkpoints, CancellationToken cancellation)
{
    private readonly SampleOrder _order = new(settings.Seed, sampleCount);
    private TrainingCursor _cursor = TrainingCursor.Start;

    /// <summary>Trains to the end of the last epoch.</summary>
    public void Run(Action<EpochReport>? report)
    {
        if (checkpoints is not null) _cursor = checkpoints.Resume(step, Key);
        while (_cursor.Epoch <= settings.Epochs)
        {
            Stopwatch watch = Stopwatch.StartNew();
            RunEpoch();
            double loss = step.MeanLoss();
            if (!double.IsFinite(loss)) throw new NonFiniteLossException(_cursor.Epoch, loss);
            report?.Invoke(new EpochReport(_cursor.Epoch, settings.Epochs, loss, watch.Elapsed.TotalSeconds));
            _cursor = _cursor.NextEpoch;
            if (_cursor.Epoch > settings.Epochs) Save();
            else SaveIfDue();
        }
    }

    private void RunEpoch()
    {
        step.Begin(_cursor.Epoch, _order.Of(_cursor.Epoch), _cursor.Sample);
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

    private string Key(TrainingCursor cursor) => _order.Key(cursor.Epoch);
}
