using System.Diagnostics;
using CudaLandscape.Landscape.Rank;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;

/// <summary>The rank of a feature matrix over all samples, with its memory and phases told.</summary>
internal static class FeatureRank
{
    /// <summary>Says and refuses what does not fit, builds the matrix and takes its rank, with a witness of σ_min.</summary>
    /// <param name="name">The matrix, for the log.</param>
    /// <param name="samples">The N samples.</param>
    /// <param name="width">Neurons of the layer.</param>
    /// <param name="features">Rows of the matrix for images [B,C,H,W] of <paramref name="type"/>.</param>
    /// <param name="type">Type the forward pass is computed in.</param>
    /// <param name="seed">Seed of starts and probes.</param>
    /// <param name="log">Receives memory, phases and the result.</param>
    /// <param name="cancellation">Checked between batches and phases.</param>
    /// <exception cref="Interop.DeviceOutOfMemoryException">The matrix and the workspace do not fit; nothing was computed.</exception>
    public static RankFinding Find(
        string name, DeviceSamples samples, long width, Func<Tensor, Tensor> features, DType type, ulong seed, Action<string> log,
        CancellationToken cancellation)
    {
        RankMemory memory = RankMemory.Of(samples.Count, width);
        log($"{name}: {memory}");
        memory.Require(samples.Images.Device);
        using Tensor matrix = FeatureMatrix.Build(samples, width, features, type, cancellation);
        Stopwatch watch = Stopwatch.StartNew();
        RankFinding finding = Rank.FindInPlace(matrix, samples.Count, width, seed, phase =>
        {
            cancellation.ThrowIfCancellationRequested();
            log($"{name}: {phase} (after {watch.Elapsed.TotalSeconds:F0} s)");
        });
        RankResult result = finding.Result;
        log($"{name}: rank {result.RankText} of {result.FullRank}, σ_min {result.SigmaMin:E2}, threshold {result.Threshold:E2}");
        return finding;
    }
}
