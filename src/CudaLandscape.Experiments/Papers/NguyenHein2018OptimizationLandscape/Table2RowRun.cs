using System.Diagnostics;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Interop;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;

/// <summary>One row of Table 2: trains, evaluates and takes the ranks, each part only where it was not done before.</summary>
internal sealed class Table2RowRun(
    Table2Settings settings, RunFolder folder, Device device, Table2Row row, Action save, CancellationToken cancellation)
{
    /// <summary>Measures what is missing. <paramref name="trainSha256"/> names the images of the training set.</summary>
    public void Run(DeviceSamples train, DeviceSamples test, string trainSha256)
    {
        using Table2Network network = new(settings, row.T1, device);
        row.ParameterCount = network.ParameterCount;
        row.Problem = null;
        if (settings.Trained) Train(network, train, trainSha256);
        if (row.Test is null) Evaluate(network, train, test);
        TakeRanks(network, train);
    }

    private void Train(Table2Network network, DeviceSamples train, string trainSha256)
    {
        row.TrainSeconds = Table2Training.Run(
            settings, new Table2RowFolder(folder, row.Noise, row.T1), network, train, trainSha256, folder.Log, cancellation);
        row.EpochsDone = settings.Epochs;
    }

    private void Evaluate(Table2Network network, DeviceSamples train, DeviceSamples test)
    {
        Stopwatch watch = Stopwatch.StartNew();
        Evaluation ofTrain = Evaluation.Of(network.Model, train, cancellation);
        row.Test = Evaluation.Of(network.Model, test, cancellation);
        row.Train = ofTrain;
        row.TrainSeconds += watch.Elapsed.TotalSeconds;
        folder.Log(
            $"T1 = {row.T1}: loss {ofTrain.Loss:0.00e+00}, train errors {ofTrain.Errors} of {train.Count}, "
            + $"test errors {row.Test.Value.Errors} of {test.Count} after {row.EpochsDone} epochs ({row.TrainSeconds:F1} s)");
        save();
    }

    private void TakeRanks(Table2Network network, DeviceSamples train)
    {
        try
        {
            foreach ((string layer, DType type) in settings.Matrices) TakeRank(network, layer, type, train);
        }
        catch (DeviceOutOfMemoryException e)
        {
            row.Problem = $"The rank needs more memory than the device has; lower --n or --t1. {e.Message}";
            folder.Log($"T1 = {row.T1}: {row.Problem}");
            save();
        }
    }

    private void TakeRank(Table2Network network, string layer, DType type, DeviceSamples train)
    {
        string name = $"{layer}_{type.Suffix()}";
        if (row.Ranks.ContainsKey(name)) return;
        cancellation.ThrowIfCancellationRequested();
        Stopwatch watch = Stopwatch.StartNew();
        if (type == DType.Float32) row.Rounding[layer] = network.Rounding(layer, train, cancellation);
        if (name == "f3_f64") row.ConstantColumnsF3 = network.ConstantColumns(layer, train, cancellation);
        Table2RowFolder rowFolder = new(folder, row.Noise, row.T1);
        KeptFactor kept = rowFolder.Factor(name, TimeSpan.FromSeconds(settings.CheckpointSeconds));
        RankFinding finding = network.Rank(layer, type, train, settings.Seed, kept, folder.Log, cancellation);
        rowFolder.SaveWitness(name, finding);
        row.Ranks[name] = finding.Result;
        row.RankSeconds += watch.Elapsed.TotalSeconds;
        save();
        foreach (string line in RankCertificate.Lines(finding.Result)) folder.Log($"T1 = {row.T1}, {name}: {line}");
    }
}
