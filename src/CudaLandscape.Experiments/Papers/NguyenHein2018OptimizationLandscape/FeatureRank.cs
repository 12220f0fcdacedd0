using System.Diagnostics;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Landscape.Rank;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;

/// <summary>The rank of a feature matrix over all samples, phase by phase: features, QR, then what R tells.</summary>
/// <param name="name">The matrix, for the log.</param>
/// <param name="samples">The N samples.</param>
/// <param name="width">Neurons of the layer.</param>
/// <param name="features">Rows of the matrix for images [B,C,H,W] of <paramref name="type"/>.</param>
/// <param name="type">Type the forward pass is computed in.</param>
/// <param name="seed">Seed of starts and probes.</param>
/// <param name="log">Receives memory, phases and the result.</param>
/// <param name="cancellation">Checked between batches and phases.</param>
/// <param name="isRepeatable">Whether the features are the same when they are asked for again, as a σ_min near rounding needs them.</param>
internal sealed class FeatureRank(
    string name, DeviceSamples samples, long width, Func<Tensor, Tensor> features, DType type, ulong seed, Action<string> log,
    CancellationToken cancellation, bool isRepeatable = true)
{
    private readonly Device _device = samples.Images.Device;

    /// <summary>Says and refuses what does not fit, builds the matrix and takes its rank, with a witness of σ_min.</summary>
    /// <param name="kept">Where R is kept until its rank is there, and found by a run that goes on; null keeps nothing.</param>
    /// <exception cref="Interop.DeviceOutOfMemoryException">The matrix and the workspace do not fit; nothing was computed.</exception>
    public RankFinding Find(KeptFactor? kept)
    {
        using RankProgress progress = new(name, _device, samples.Count, width, log, cancellation);
        TriangularFactor? found = kept?.Load(_device, samples.Count, width);
        if (found is not null) log($"{name}: going on from R, which was kept after its QR");
        using TriangularFactor factor = found ?? Factor(kept, progress);
        RankFinding finding = Rank.Find(
            factor, seed, progress.Begin, rows: isRepeatable ? () => FeatureMatrix.Rows(samples, features, type, cancellation) : null);
        kept?.Remove();
        RankResult result = finding.Result;
        log($"{name}: rank {result.RankText} of {result.FullRank}, σ_min {result.SigmaMin:0.0e+00}, threshold {result.Threshold:0.0e+00}");
        return finding;
    }

    // The matrix becomes R, which is released in its place.
    private TriangularFactor Factor(KeptFactor? kept, RankProgress progress)
    {
        RankMemory memory = RankMemory.Of(samples.Count, width);
        log($"{name}: {memory}");
        memory.Require(_device);
        progress.Begin("features");
        Tensor matrix = FeatureMatrix.Build(samples, width, features, type, cancellation);
        try
        {
            Stopwatch watch = Stopwatch.StartNew();
            TriangularFactor factor = Rank.Factor(matrix, samples.Count, width, seed, progress.Begin);
            kept?.Save(factor, watch.Elapsed);
            return factor;
        }
        catch
        {
            matrix.Dispose();
            throw;
        }
    }
}
