using CudaLandscape.Experiments.Runs;
using CudaLandscape.Landscape.Interpolation;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Papers.NguyenMukkamalaHein2019NoBadLocalValleys;

/// <summary>Trains and evaluates one unit, or goes on with it from its last checkpoint.</summary>
internal sealed class SkipUnitRun(
    SkipSettings settings, RunFolder folder, Device device, SkipUnit unit, string trainSha256, CancellationToken cancellation)
{
    // V of a frozen U is drawn far from the seeds of U, whose first parameter it would otherwise resemble.
    private const ulong ReadoutSeed = 1UL << 32;
    private readonly SkipUnitFolder _kept = new(folder, unit);
    private readonly SkipResult _result = new() { Unit = unit.Name };

    /// <summary>What was measured.</summary>
    public SkipResult Run(DeviceSamples train, DeviceSamples test)
    {
        device.ResetPeak();
        using SkipUnitNetwork network = new(settings, unit, device, unit.Variant == SkipVariant.SkipExact ? DType.Float64 : DType.Float32);
        (_result.Pool, _result.IndexBytes) = (network.PoolCount, network.Skip?.IndexBytes ?? 0);
        if (unit.Variant == SkipVariant.SkipExact) Solve(network, train, test);
        else if (unit.Variant == SkipVariant.SkipRand) TrainReadout(network, train, test);
        else
        {
            Train(network.Model, network.Parameters, network.Description, train);
            Evaluate(network.Model, train, network.Model, test);
        }

        _result.PeakBytes = device.PeakBytes;
        return _result;
    }

    private void TrainReadout(SkipUnitNetwork network, DeviceSamples train, DeviceSamples test)
    {
        FrozenNeurons neurons = new(network.Skip!);
        Linear readout = new("readout", settings.Connections, train.ClassCount);
        using ParameterSlab parameters = ParameterSlab.Initialize(
            readout, device, DType.Float32, settings.Initializer, unit.Seed + ReadoutSeed);
        Module streamed = neurons.Stream(readout);
        bool stored = neurons.Bytes(train.Count) <= settings.NeuronBytes;
        _result.StoredNeurons = stored;
        using DeviceSamples? rows = stored ? neurons.Compute(train, cancellation) : null;
        Train(stored ? readout : streamed, parameters, $"readout of {network.Description}", rows ?? train);
        Evaluate(stored ? readout : streamed, rows ?? train, streamed, test);
    }

    private void Solve(SkipUnitNetwork network, DeviceSamples train, DeviceSamples test)
    {
        using ExactReadout readout = ExactReadout.Fit(new FrozenNeurons(network.Skip!), train, cancellation);
        (_result.Parameters, _result.Residual) = (readout.Weights.ElementCount, readout.Residual);
        _result.TrainErrors = readout.Errors(train, cancellation);
        (_result.TestErrors, _result.TestSamples) = (readout.Errors(test, cancellation), test.Count);
    }

    private void Train(Module model, ParameterSlab parameters, string network, DeviceSamples samples)
    {
        using AppendedTable epochs = _kept.OpenEpochs();
        TrainingCheckpoints checkpoints = new(
            _kept.Checkpoints(settings, network, trainSha256), TimeSpan.FromSeconds(settings.CheckpointSeconds))
        {
            FlushMetrics = epochs.Flush,
            TruncateMetrics = epochs.Truncate,
            Resumed = cursor => folder.Log(
                $"{unit.Name}: {(cursor.Epoch > settings.Epochs ? "trained before" : $"going on from a checkpoint: {cursor}")}"),
        };
        ProgressLine progress = ProgressLine.OnStandardError();
        Trainer.Run(model, parameters, samples, settings.TrainingOf(unit), report =>
        {
            epochs.Append(report.Epoch, report.Loss, report.Seconds);
            progress.Show($"{unit.Name}: epoch {report.Epoch} of {report.Epochs}, loss {report.Loss:0.000e+00}, {report.Seconds:F2} s per epoch");
        }, cancellation, checkpoints);
        progress.Clear();
        (_result.Parameters, _result.TrainSeconds) = (model.ParameterCount, checkpoints.Seconds);
    }

    private void Evaluate(Module onTrain, DeviceSamples train, Module onTest, DeviceSamples test)
    {
        ClassificationEvaluation trained = ClassificationEvaluation.Of(onTrain, train, cancellation);
        ClassificationEvaluation tested = ClassificationEvaluation.Of(onTest, test, cancellation);
        (_result.TrainErrors, _result.TrainCrossEntropy) = (trained.Errors, trained.CrossEntropy);
        (_result.TestErrors, _result.TestSamples, _result.TestCrossEntropy) = (tested.Errors, tested.Samples, tested.CrossEntropy);
    }
}
