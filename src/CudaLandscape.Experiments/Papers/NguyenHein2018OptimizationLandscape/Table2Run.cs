using System.Diagnostics;
using System.Text.Json.Nodes;
using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Interop;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;

/// <summary>Runs Table 2: for every reading of the noise and every T1 trains, evaluates and takes the ranks.</summary>
internal sealed class Table2Run(Table2Settings settings, RunFolder folder, Device device, CancellationToken cancellation)
{
    // Far from the streams of parameters and of the order of samples.
    private const ulong NoiseStream = 1UL << 50;
    private readonly List<Table2Row> _rows = [];

    /// <summary>Creates the run folder and runs; what was measured before a failure or an interruption is in the folder.</summary>
    public static ExitCode Start(Table2Settings settings)
    {
        ResolvedData data = Load(settings);
        using RunFolder folder = RunFolder.Create(settings.Out, "table2", settings.ToJson());
        using Interruption interruption = new(folder);
        try
        {
            using Device device = Device.Open(settings.Device is { } name ? DeviceId.Parse(name) : DeviceId.Default);
            Describe(folder, device, data);
            Table2Run run = new(settings, folder, device, interruption.Token);
            run.RunAll(data);
            bool complete = run._rows.TrueForAll(r => r.Problem is null);
            folder.SetStatus(complete ? RunStatus.Done : RunStatus.Failed, complete ? null : "parts of the table are missing");
            return complete ? ExitCode.Ok : ExitCode.OutOfMemory;
        }
        catch (Exception e)
        {
            bool stopped = e is OperationCanceledException;
            folder.SetStatus(stopped ? RunStatus.Interrupted : RunStatus.Failed, stopped ? null : e.Message);
            folder.Log($"{(stopped ? "interrupted" : "failed")}; what was measured is in {folder.FullPath}");
            throw;
        }
    }

    private void RunAll(ResolvedData data)
    {
        using DeviceSamples test = DeviceSamples.Upload(device, data.Test);
        foreach (NoiseReading reading in settings.Noise)
        {
            RandomStream stream = new(settings.Seed, NoiseStream);
            using DeviceSamples train = DeviceSamples.Upload(device, data.Train, Table2Settings.Deviation(reading), stream);
            foreach (int t1 in settings.T1) RunRow(t1, reading, train, test);
        }

        Table2Report report = new(settings, _rows, data.Description, device.Id.ToString());
        folder.Write("table.md", report.ToMarkdown());
        report.Print();
        Console.WriteLine($"results: {folder.FullPath}");
    }

    private void RunRow(int t1, NoiseReading reading, DeviceSamples train, DeviceSamples test)
    {
        Table2Row row = new() { T1 = t1, Noise = reading, Samples = train.Count };
        _rows.Add(row);
        using Table2Network network = new(settings, t1, device);
        row.ParameterCount = network.ParameterCount;
        Stopwatch watch = Stopwatch.StartNew();
        Train(network, row, train);
        row.Train = Evaluation.Of(network.Model, train, cancellation);
        row.Test = Evaluation.Of(network.Model, test, cancellation);
        row.TrainSeconds = watch.Elapsed.TotalSeconds;
        folder.Log(
            $"T1 = {t1}: loss {row.Train.Value.Loss:E2}, train errors {row.Train.Value.Errors} of {train.Count}, "
            + $"test errors {row.Test.Value.Errors} of {test.Count} after {row.EpochsDone} epochs ({row.TrainSeconds:F1} s)");
        SaveMetrics();
        watch.Restart();
        TakeRanks(network, row, train);
        row.RankSeconds = watch.Elapsed.TotalSeconds;
        SaveMetrics();
    }

    private void Train(Table2Network network, Table2Row row, DeviceSamples train)
    {
        if (!settings.Trained) return;
        ProgressLine progress = ProgressLine.OnStandardError();
        TrainingSettings training = new(settings.Epochs, settings.BatchSize, settings.Adam, Seed: settings.Seed, Captured: settings.Captured);
        Trainer.Run(network.Model, network.Parameters, train, training, report =>
        {
            row.EpochsDone = report.Epoch;
            progress.Show($"T1 = {row.T1}: epoch {report.Epoch} of {report.Epochs}, loss {report.Loss:E3}, {report.Seconds:F2} s per epoch, "
                + $"{report.Seconds * (report.Epochs - report.Epoch):F0} s left");
        }, cancellation);
        progress.Clear();
    }

    private void TakeRanks(Table2Network network, Table2Row row, DeviceSamples train)
    {
        try
        {
            foreach (DType type in settings.Float32Features ? (DType[])[DType.Float64, DType.Float32] : [DType.Float64])
            {
                foreach (string layer in (string[])["f1", "f3"])
                {
                    cancellation.ThrowIfCancellationRequested();
                    row.Ranks[$"{layer}_{type.Suffix()}"] = network.Rank(layer, type, train, settings.Seed, folder.Log, cancellation);
                    SaveMetrics();
                }
            }
        }
        catch (DeviceOutOfMemoryException e)
        {
            row.Problem = e.Message;
            folder.Log($"T1 = {row.T1}: the rank needs more memory than the device has; lower --n or --t1. {e.Message}");
        }
    }

    private void SaveMetrics() => folder.Write("metrics.csv", Table2Metrics.ToCsv(settings, _rows));

    private static ResolvedData Load(Table2Settings settings)
    {
        try
        {
            return DataSource.Resolve(settings.Data, Console.Error.WriteLine, settings.Samples, testCount: null);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new TooFewSamplesException($"--n {settings.Samples}: {e.Message}", e);
        }
    }

    private static void Describe(RunFolder folder, Device device, ResolvedData data)
    {
        folder.Set("data", new JsonObject
        {
            ["description"] = data.Description,
            ["train_sha256"] = data.Train.Sha256,
            ["test_sha256"] = data.Test.Sha256,
        });
        folder.Set("device", new JsonObject
        {
            ["id"] = device.Id.ToString(),
            ["name"] = device.Context.Name,
            ["driver_version"] = device.Context.DriverVersion,
            ["kernels_sha256"] = device.KernelsSha256,
            ["libraries"] = new JsonArray([.. NativeLibraries.Describe().Select(l => (JsonNode)$"{l.Library} {l.Version} {l.Path}")]),
        });
        folder.Set("determinism", Table2Report.Determinism);
        folder.Log($"run folder {folder.FullPath}; device {device.Id} ({device.Context.Name})");
    }
}
