namespace CudaLandscape.Nn.Training;

/// <summary>Training met a loss that is NaN or infinite.</summary>
public sealed class NonFiniteLossException(int epoch, double loss) : ArithmeticException(
    $"The training loss of epoch {epoch} is {loss}; lower the learning rate (--lr) or change the initializer (--init).")
{
    /// <summary>The epoch, counted from 1.</summary>
    public int Epoch { get; } = epoch;
}
