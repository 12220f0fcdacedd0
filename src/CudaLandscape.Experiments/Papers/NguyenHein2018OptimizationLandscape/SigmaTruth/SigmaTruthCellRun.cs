using System.Diagnostics;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Interop;
using CudaLandscape.Landscape.Rank;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;
using CudaLandscape.Tensors.Ops;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape.SigmaTruth;

/// <summary>One cell: gets the network, measures what rounding does to its features, and takes the ranks; each part only once.</summary>
internal sealed class SigmaTruthCellRun(
    SigmaTruthSettings settings, RunFolder folder, Device device, SigmaTruthCell cell, SigmaTruthResult result, Action save,
    CancellationToken cancellation)
{
    // Far from the streams of parameters, orders and the images' noise.
    private const ulong GaussianStream = 1UL << 51;
    private static readonly TimeSpan s_worthKeeping = TimeSpan.FromMinutes(1);
    private ulong _drawn;

    /// <summary>Measures what is missing. <paramref name="imagesSha256"/> names the images.</summary>
    public void Run(DeviceSamples images, string imagesSha256)
    {
        result.Problem = null;
        using Table2Network network = new(settings.NetworkOf(cell), cell.T1, device);
        SetWeights(network, images, imagesSha256);
        result.Train ??= Evaluation.Of(network.Model, images, cancellation);
        using Table2Features exact = network.Features("f1", DType.Float64), single = network.Features("f1", DType.Float32);
        try
        {
            if (result.Rounding.Count == 0) MeasureRounding(exact, single, images);
            foreach (FeatureKind kind in settings.Features.Where(k => !result.Ranks.ContainsKey(k))) TakeRank(kind, exact, single, images);
        }
        catch (DeviceOutOfMemoryException e)
        {
            result.Problem = $"The rank needs more memory than the device has; lower --n or --t1. {e.Message}";
            folder.Log($"{cell.Name}: {result.Problem}");
            save();
        }
    }

    private void SetWeights(Table2Network network, DeviceSamples images, string imagesSha256)
    {
        if (cell.Scale is not null) return;
        if (settings.Trained is { } run) run.Restore(network, cell.Noise, folder.Log);
        else
            Table2Training.Run(
                settings.NetworkOf(cell), new Table2RowFolder(folder, cell.Noise, cell.T1, $"trained/n-{cell.Samples}"), network, images,
                imagesSha256, folder.Log, cancellation);
    }

    private void MeasureRounding(Table2Features exact, Table2Features single, DeviceSamples images)
    {
        Tensor Exact(Tensor x) => exact.Of(x.Cast(DType.Float64));
        result.Rounding[FeatureKind.Stored] =
            RoundingError.Of(images, Exact, x => Exact(x).Cast(DType.Float32), cancellation: cancellation);
        result.Rounding[FeatureKind.Float32] = RoundingError.Of(images, Exact, single.Of, cancellation: cancellation);
        save();
    }

    private void TakeRank(FeatureKind kind, Table2Features exact, Table2Features single, DeviceSamples images)
    {
        cancellation.ThrowIfCancellationRequested();
        Stopwatch watch = Stopwatch.StartNew();
        FeatureRank rank = new(
            $"{cell.Name}: F1 [{cell.Samples}, {cell.Width}] {kind}", images, cell.Width, Features(kind, exact, single),
            kind == FeatureKind.Float32 ? DType.Float32 : DType.Float64, settings.Seed, folder.Log, cancellation,
            isRepeatable: kind is FeatureKind.Float64 or FeatureKind.Stored or FeatureKind.Float32);
        KeptFactor kept = new(folder.Path("cells", cell.Name, $"{kind}_R"), s_worthKeeping, folder.Log);
        result.Ranks[kind] = rank.Find(kept).Result;
        result.Seconds[kind] = watch.Elapsed.TotalSeconds;
        save();
    }

    private Func<Tensor, Tensor> Features(FeatureKind kind, Table2Features exact, Table2Features single)
    {
        _drawn = 0;
        return kind switch
        {
            FeatureKind.Float64 => exact.Of,
            FeatureKind.Stored => x => exact.Of(x).Cast(DType.Float32),
            FeatureKind.Float32 => single.Of,
            _ => x => WithNoise(exact.Of(x), result.Rounding[FeatureKind.Float32].Deviation),
        };
    }

    // Batches come in order, so that an entry's noise does not depend on their size.
    private Tensor WithNoise(Tensor features, double deviation)
    {
        RandomStream stream = new RandomStream(settings.Seed, GaussianStream).Skip(_drawn);
        _drawn += (ulong)features.ElementCount;
        return features + RandomTensor.Normal(device, features.Shape, DType.Float64, stream, 0, deviation);
    }
}
