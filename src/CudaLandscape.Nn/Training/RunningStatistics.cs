using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Nn.Training;

/// <summary>
/// Running statistics of batch normalisations, estimated anew for the weights as they are. Weights that were not trained step by
/// step, such as a point between two networks, have none: those of either network would be wrong for them (Garipov et al.,
/// NeurIPS'18, section 3; Izmailov et al., UAI'18, section 3.2).
/// </summary>
public static class RunningStatistics
{
    /// <summary>
    /// Overwrites running mean and variance of every <see cref="BatchNorm2d"/> by the means over one pass of the data, every
    /// sample having the same weight: batch k, of b_k samples, moves them by b_k / (b_1 + … + b_k). What they were before, not-a-number
    /// included, does not matter. A model without batch normalisation is left alone.
    /// </summary>
    /// <param name="model">The model; its mode is the same afterwards.</param>
    /// <param name="samples">The data.</param>
    /// <param name="batchSize">Samples per batch, 1 or more; the last may be smaller.</param>
    /// <param name="cancellation">Checked before every batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch size is below 1.</exception>
    public static void Estimate(Module model, DeviceSamples samples, int batchSize, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        BatchNorm2d[] layers = [.. model.SelfAndDescendants.OfType<BatchNorm2d>().Distinct()];
        if (layers.Length == 0) return;
        double[] momenta = [.. layers.Select(layer => layer.Momentum)];
        bool wasTraining = model.IsTraining;
        try
        {
            model.IsTraining = true;
            Pass(model, layers, samples, batchSize, cancellation);
        }
        finally
        {
            model.IsTraining = wasTraining;
            for (int i = 0; i < layers.Length; i++) layers[i].Momentum = momenta[i];
        }
    }

    private static void Pass(Module model, BatchNorm2d[] layers, DeviceSamples samples, int batchSize, CancellationToken cancellation)
    {
        using NoGradient noGradient = new();
        foreach (BatchNorm2d layer in layers) layer.ResetStatistics();
        for (int begin = 0; begin < samples.Count; begin += batchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            using TensorScope scope = new();
            int count = Math.Min(batchSize, samples.Count - begin);
            foreach (BatchNorm2d layer in layers) layer.Momentum = (double)count / (begin + count);
            model.Forward(samples.ImageRange(begin, count));
        }
    }
}
