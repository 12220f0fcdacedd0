using CudaLandscape.Experiments.Runs;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;

/// <summary>Runs Table 2: a row for every reading of the noise and every T1. Rows that an earlier process finished stay.</summary>
internal sealed class Table2Run(Table2Settings settings, RunFolder folder, Device device, CancellationToken cancellation)
{
    // Far from the streams of parameters and of the order of samples.
    private const ulong NoiseStream = 1UL << 50;
    private readonly List<Table2Row> _rows = [];

    /// <summary>Measures what is missing and writes the table.</summary>
    /// <returns>Whether every part of the table is there.</returns>
    public bool RunAll(ResolvedData data)
    {
        using DeviceSamples test = DeviceSamples.Upload(device, data.Test);
        foreach (NoiseReading reading in settings.Noise)
        {
            using DeviceSamples train = Upload(device, data.Train, reading, settings.Seed);
            if (settings is { Together: true, Trained: true })
                new Table2Together(settings, folder, device, reading, cancellation).Train(train, data.Train.Sha256);
            foreach (int t1 in settings.T1) RunRow(t1, reading, train, test, data.Train.Sha256);
        }

        Table2Report report = new(settings, _rows, data.Description, device.Id.ToString());
        folder.Write("table.md", report.ToMarkdown());
        Table2Figures.Write(folder, _rows);
        report.Print();
        Console.WriteLine($"results: {folder.FullPath}");
        return _rows.TrueForAll(r => r.IsComplete(settings));
    }

    /// <summary>Training images with the noise of a reading; an image's noise does not depend on how many there are.</summary>
    public static DeviceSamples Upload(Device device, ImageSet images, NoiseReading reading, ulong seed) =>
        DeviceSamples.Upload(device, images, Table2Settings.Deviation(reading), new RandomStream(seed, NoiseStream));

    private void RunRow(int t1, NoiseReading reading, DeviceSamples train, DeviceSamples test, string trainSha256)
    {
        Table2RowFolder kept = new(folder, reading, t1);
        Table2Row row = kept.Load(train.Count);
        if (row.IsOfFewerEpochs(settings)) row = kept.SetAside(row);
        _rows.Add(row);
        if (row.IsComplete(settings))
        {
            folder.Log($"T1 = {t1}, noise {Table2Settings.Name(reading)}: done before");
            SaveMetrics();
            return;
        }

        new Table2RowRun(settings, folder, device, row, Save, cancellation).Run(train, test, trainSha256);

        void Save()
        {
            kept.Save(row);
            SaveMetrics();
        }
    }

    private void SaveMetrics() => folder.Write("metrics.csv", Table2Metrics.ToCsv(settings, _rows));
}
