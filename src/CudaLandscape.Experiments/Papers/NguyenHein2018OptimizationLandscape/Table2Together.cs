using System.Globalization;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Nn.Checkpoints;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;

/// <summary>
/// Trains the networks of all T1 that are not trained yet in the same launches, and leaves each row what a training of its own would have
/// left: the last checkpoint and the losses. Stopped, it goes on from a checkpoint of all, in <c>together/noise_t1-LIST</c>.
/// </summary>
internal sealed class Table2Together(
    Table2Settings settings, RunFolder folder, Device device, NoiseReading noise, CancellationToken cancellation)
{
    private sealed record Row(int T1, Table2Network Network, Table2RowFolder Folder, CheckpointFolder Checkpoints);

    /// <summary>Trains the rows that have no network that is trained.</summary>
    public void Train(DeviceSamples train, string trainSha256)
    {
        List<Row> rows = [];
        try
        {
            foreach (int t1 in settings.T1) Add(rows, t1, trainSha256);
            if (rows.Count == 0) return;
            string name = $"together/{Table2Settings.Name(noise)}_t1-{ListOf(rows)}";
            Directory.CreateDirectory(folder.Path(name));
            CheckpointFolder all = Table2RowFolder.CheckpointsIn(folder.Path(name), IdentityOf(rows), folder.Log);
            string losses = Train(rows, train, all, folder.Path(name, "epochs.csv"));
            for (int i = 0; i < rows.Count; i++) Hand(i, rows, all.Load()!, losses);
        }
        finally
        {
            foreach (Row row in rows) row.Network.Dispose();
        }
    }

    private static string ListOf(List<Row> rows) => string.Join(',', rows.Select(row => row.T1));

    private static Dictionary<string, string> IdentityOf(List<Row> rows) => new(rows[0].Checkpoints.Settings, StringComparer.Ordinal)
    {
        ["network"] = string.Join(" | ", rows.Select(row => row.Network.Description)),
        ["t1"] = ListOf(rows),
    };

    private void Add(List<Row> rows, int t1, string trainSha256)
    {
        Table2Network network = new(settings, t1, device);
        Table2RowFolder kept = new(folder, noise, t1);
        CheckpointFolder checkpoints = kept.Checkpoints(settings, network, trainSha256);
        rows.Add(new Row(t1, network, kept, checkpoints));
        if (!(checkpoints.Load()?.Cursor.Epoch > settings.Epochs)) return;
        rows.RemoveAt(rows.Count - 1);
        network.Dispose();
    }

    // Returns the path of the losses: epoch, seconds, and a column for every network.
    private string Train(List<Row> rows, DeviceSamples train, CheckpointFolder folderOfAll, string path)
    {
        using AppendedTable epochs = new(path, ["epoch", "seconds", .. rows.Select(row => $"loss_t1-{row.T1}")]);
        TrainingCheckpoints checkpoints = new(folderOfAll, TimeSpan.FromSeconds(settings.CheckpointSeconds))
        {
            FlushMetrics = epochs.Flush,
            TruncateMetrics = epochs.Truncate,
            Resumed = cursor => folder.Log($"all T1 together: going on from a checkpoint: {cursor}"),
        };
        ProgressLine progress = ProgressLine.OnStandardError();
        TrainingSettings training = new(
            settings.Epochs, settings.BatchSize, settings.Adam, Seed: settings.Seed, Captured: true, Fused: true);
        TrainedNetwork[] trained = [.. rows.Select(row => new TrainedNetwork(row.Network.Model, row.Network.Parameters, settings.Seed))];
        Trainer.RunTogether(trained, train, training, report =>
        {
            epochs.Append([report.Epoch, report.Seconds, .. report.Losses]);
            progress.Show($"T1 = {ListOf(rows)}: epoch {report.Epoch} of {report.Epochs}, {report.Seconds:F2} s per epoch, "
                + $"{report.Seconds * (report.Epochs - report.Epoch):F0} s left");
        }, cancellation, checkpoints);
        progress.Clear();
        return path;
    }

    // The time of an epoch is that of all networks together, in every row.
    private static void Hand(int i, List<Row> rows, Checkpoint all, string losses)
    {
        CheckpointFolder row = rows[i].Checkpoints;
        using AppendedTable epochs = rows[i].Folder.OpenEpochs();
        epochs.Truncate(0);
        foreach (string line in File.ReadLines(losses).Skip(1))
        {
            double[] values = [.. line.Split(',').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
            epochs.Append(values[0], values[2 + i], values[1]);
        }

        row.Save(JointCheckpoint.Part(all, i, rows.Count, row.Settings, epochs.Flush()));
    }
}
