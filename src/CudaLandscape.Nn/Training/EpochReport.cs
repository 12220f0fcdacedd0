namespace CudaLandscape.Nn.Training;

/// <summary>What one epoch gave.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Epochs">Epochs asked for.</param>
/// <param name="Losses">Mean over the epoch's batches of the training loss, weighted by batch size, of every network.</param>
/// <param name="Seconds">Wall time of the epoch.</param>
public readonly record struct EpochReport(int Epoch, int Epochs, IReadOnlyList<double> Losses, double Seconds)
{
    /// <summary>The loss of the only, or first, network.</summary>
    public double Loss => Losses[0];
}
