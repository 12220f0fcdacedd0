namespace CudaLandscape.Nn.Training;

/// <summary>What one epoch gave.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Epochs">Epochs asked for.</param>
/// <param name="Loss">Mean over the epoch's batches of the training loss, weighted by batch size.</param>
/// <param name="Seconds">Wall time of the epoch.</param>
public readonly record struct EpochReport(int Epoch, int Epochs, double Loss, double Seconds);
