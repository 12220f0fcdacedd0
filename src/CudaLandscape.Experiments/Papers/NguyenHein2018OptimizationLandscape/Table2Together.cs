using System.Globalization;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Nn.Checkpoints;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;

/// <summary>
/// Trains the networks of all T1 in the same launches, and leaves each row what a training of its own would have left: the last
/// checkpoint and the losses. Stopped, it goes on from a checkpoint of all, in <c>together/noise</c>.
/// </summary>
internal sealed class Table2Together(
    Table2Settings settings, RunFolder folder, Device device, NoiseReading noise, CancellationToken cancellation)
{
    private readonly string _name = $"together/{Table2Settings.Name(noise)}";

    /// <summary>Trains, unless every row has a network that is trained.</summary>
    public void Train(DeviceSamples train, string trainSha256)
    {
        Table2Network[] networks = [.. settings.T1.Select(t1 => new Table2Network(settings, t1, device))];
        try
        {
            CheckpointFolder[] rows = [.. networks.Select((n, i) => RowFolder(i).Checkpoints(settings, n, trainSha256))];
            if (rows.All(row => row.Load()?.Cursor.Epoch > settings.Epochs)) return;
            Directory.CreateDirectory(folder.Path(_name));
            Dictionary<string, string> identity = new(rows[0].Settings, StringComparer.Ordinal)
            {
                ["network"] = string.Join(" | ", networks.Select(n => n.Description)), ["t1"] = string.Join(',', settings.T1),
            };
            CheckpointFolder all = new(folder.Path(_name), identity, folder.Log);
            string losses = Train(networks, train, all);
            for (int i = 0; i < rows.Length; i++) Hand(i, rows[i], all.Load()!, losses);
        }
        finally
        {
            foreach (Table2Network network in networks) network.Dispose();
        }
    }

    private Table2RowFolder RowFolder(int i) => new(folder, noise, settings.T1[i]);

    // Returns the path of the losses: epoch, seconds, and a column for every network.
    private string Train(Table2Network[] networks, DeviceSamples train, CheckpointFolder folderOfAll)
    {
        string path = folder.Path(_name, "epochs.csv");
        using AppendedTable epochs = new(path, ["epoch", "seconds", .. settings.T1.Select(t1 => $"loss_t1-{t1}")]);
        TrainingCheckpoints checkpoints = new(folderOfAll, TimeSpan.FromSeconds(settings.CheckpointSeconds))
        {
            FlushMetrics = epochs.Flush,
            TruncateMetrics = epochs.Truncate,
            Resumed = cursor => folder.Log($"all T1 together: going on from a checkpoint: {cursor}"),
        };
        ProgressLine progress = ProgressLine.OnStandardError();
        TrainingSettings training = new(
            settings.Epochs, settings.BatchSize, settings.Adam, Seed: settings.Seed, Captured: true, Fused: true);
        TrainedNetwork[] trained = [.. networks.Select(n => new TrainedNetwork(n.Model, n.Parameters, settings.Seed))];
        Trainer.RunTogether(trained, train, training, report =>
        {
            epochs.Append([report.Epoch, report.Seconds, .. report.Losses]);
            progress.Show($"T1 = {string.Join(',', settings.T1)}: epoch {report.Epoch} of {report.Epochs}, {report.Seconds:F2} s per epoch, "
                + $"{report.Seconds * (report.Epochs - report.Epoch):F0} s left");
        }, cancellation, checkpoints);
        progress.Clear();
        return path;
    }

    // The time of an epoch is that of all networks together, in every row.
    private void Hand(int i, CheckpointFolder row, Checkpoint all, string losses)
    {
        using AppendedTable epochs = RowFolder(i).OpenEpochs();
        epochs.Truncate(0);
        foreach (string line in File.ReadLines(losses).Skip(1))
        {
            double[] values = [.. line.Split(',').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
            epochs.Append(values[0], values[2 + i], values[1]);
        }

        row.Save(JointCheckpoint.Part(all, i, settings.T1.Count, row.Settings, epochs.Flush()));
    }
}
