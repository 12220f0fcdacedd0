using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Tensors.Ops;

namespace CudaLandscape.Nn.Training;

/// <summary>Settings of mini-batch training.</summary>
/// <param name="Epochs">Passes over the data; 0 leaves the network as initialized.</param>
/// <param name="BatchSize">Samples per step; the last batch of an epoch may be smaller.</param>
/// <param name="Optimizer">The optimizer's settings.</param>
/// <param name="Loss">Normalisation of the squared loss.</param>
/// <param name="Seed">Seed of the order of samples.</param>
/// <param name="Captured">Record the step once and replay it; the same bits, with less work for the host per step.</param>
/// <param name="Fused">
/// Take the step of ICML'18's Figure 1 network in a few kernels of its own: the same mathematics, other rounding.
/// </param>
/// <param name="Augmentation">Random crops and flips, of images kept as bytes; null for none.</param>
/// <param name="Objective">What is minimised.</param>
public sealed record TrainingSettings(
    int Epochs, int BatchSize, OptimizerSettings Optimizer, LossNormalization Loss = LossNormalization.PerEntry, ulong Seed = 1,
    bool Captured = false, bool Fused = false, Augmentation? Augmentation = null, Objective Objective = Objective.SquaredLoss)
{
    /// <summary>Throws when a setting is outside its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The message names setting and value.</exception>
    public void Validate()
    {
        if (Epochs < 0) throw new ArgumentOutOfRangeException(nameof(Epochs), $"epochs must be 0 or more; got {Epochs}.");
        if (BatchSize < 1) throw new ArgumentOutOfRangeException(nameof(BatchSize), $"batch must be 1 or more; got {BatchSize}.");
        Optimizer.Validate();
    }
}
