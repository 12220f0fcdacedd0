using CudaLandscape.Experiments.Runs;
using CudaLandscape.Nn.Training;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;

/// <summary>Trains the network of a row, or goes on from its last checkpoint; checkpoints and losses are in the row's folder.</summary>
internal static class Table2Training
{
    /// <summary>Trains to the last epoch. <paramref name="trainSha256"/> names the images of the training set.</summary>
    /// <returns>Seconds of training, those before a stop included.</returns>
    public static double Run(
        Table2Settings settings, Table2RowFolder kept, Table2Network network, DeviceSamples train, string trainSha256, Action<string> log,
        CancellationToken cancellation)
    {
        string name = $"T1 = {network.Model.T1}";
        using AppendedTable epochs = kept.OpenEpochs();
        TrainingCheckpoints checkpoints = new(
            kept.Checkpoints(settings, network, trainSha256), TimeSpan.FromSeconds(settings.CheckpointSeconds))
        {
            FlushMetrics = epochs.Flush,
            TruncateMetrics = epochs.Truncate,
            Resumed = cursor => log($"{name}: {(cursor.Epoch > settings.Epochs ? "trained before" : $"going on from a checkpoint: {cursor}")}"),
        };
        ProgressLine progress = ProgressLine.OnStandardError();
        TrainingSettings training = new(
            settings.Epochs, settings.BatchSize, settings.Adam, Seed: settings.Seed, Captured: settings.Step != StepKind.Plain,
            Fused: settings.Step == StepKind.Fused);
        Trainer.Run(network.Model, network.Parameters, train, training, report =>
        {
            epochs.Append(report.Epoch, report.Loss, report.Seconds);
            progress.Show($"{name}: epoch {report.Epoch} of {report.Epochs}, loss {report.Loss:0.000e+00}, {report.Seconds:F2} s per epoch, "
                + $"{report.Seconds * (report.Epochs - report.Epoch):F0} s left");
        }, cancellation, checkpoints);
        progress.Clear();
        return checkpoints.Seconds;
    }
}
