using System.Diagnostics;
using CudaLandscape.Nn.Checkpoints;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Training;

/// <summary>Saves a training from time to time, between two steps, and takes it up again.</summary>
/// <param name="folder">Where the checkpoints are.</param>
/// <param name="interval">Time between two saves; zero saves after every step.</param>
public sealed class TrainingCheckpoints(CheckpointFolder folder, TimeSpan interval)
{
    private readonly Stopwatch _sinceSave = Stopwatch.StartNew(), _total = Stopwatch.StartNew();
    private double _secondsBefore;

    /// <summary>Brings the metrics written so far to disk and gives their size in bytes.</summary>
    public Func<long> FlushMetrics { get; init; } = () => 0;

    /// <summary>Cuts the metrics back to a size, the rows after it being of steps that will be taken again.</summary>
    public Action<long> TruncateMetrics { get; init; } = _ => { };

    /// <summary>Receives the place when training goes on from a checkpoint; after the last epoch when nothing is left to do.</summary>
    public Action<TrainingCursor> Resumed { get; init; } = _ => { };

    /// <summary>Seconds of training, those before the last resumption included.</summary>
    public double Seconds => _secondsBefore + _total.Elapsed.TotalSeconds;

    /// <summary>Whether the interval is over.</summary>
    internal bool IsDue => _sinceSave.Elapsed >= interval;

    /// <summary>Takes up the last checkpoint; without one it saves the start, so that there always is one.</summary>
    /// <returns>Where training goes on.</returns>
    internal TrainingCursor Resume(TrainingStep step, Func<TrainingCursor, string> order)
    {
        Checkpoint? checkpoint = folder.Load();
        TruncateMetrics(checkpoint?.MetricsBytes ?? 0);
        if (checkpoint is null)
        {
            TrySave(step, TrainingCursor.Start, order);
            return TrainingCursor.Start;
        }

        Restore(checkpoint, step, order);
        _secondsBefore = checkpoint.Seconds;
        Resumed(checkpoint.Cursor);
        return checkpoint.Cursor;
    }

    /// <summary>The last checkpoint's state, for a look at the steps after it; null when there is none.</summary>
    internal TrainingCursor? Rewind(TrainingStep step, Func<TrainingCursor, string> order)
    {
        if (folder.Load() is not { } checkpoint) return null;
        Restore(checkpoint, step, order);
        return checkpoint.Cursor;
    }

    /// <summary>Saves training as it is now, unless a value is not finite.</summary>
    /// <returns>Whether it was saved.</returns>
    /// <exception cref="IOException">It cannot be written; the former checkpoint is as it was.</exception>
    internal bool TrySave(TrainingStep step, TrainingCursor cursor, Func<TrainingCursor, string> order)
    {
        Checkpoint checkpoint = new()
        {
            Settings = folder.Settings,
            Cursor = cursor,
            Order = order(cursor),
            MetricsBytes = FlushMetrics(),
            Seconds = Seconds,
            Tensors = Copy(step),
        };
        if (checkpoint.FirstNonFinite() is not null) return false;
        folder.Save(checkpoint);
        _sinceSave.Restart();
        return true;
    }

    private static SafetensorsTensor[] Copy(TrainingStep step)
    {
        using TensorScope scope = new();
        return Checkpoint.Copy(step.State());
    }

    private static void Restore(Checkpoint checkpoint, TrainingStep step, Func<TrainingCursor, string> order)
    {
        if (checkpoint.Order != order(checkpoint.Cursor))
            throw new ArgumentException($"The checkpoint's order of samples is {checkpoint.Order}, not {order(checkpoint.Cursor)}; it is of another data set or seed.");
        using TensorScope scope = new();
        checkpoint.Restore(step.State());
    }
}
