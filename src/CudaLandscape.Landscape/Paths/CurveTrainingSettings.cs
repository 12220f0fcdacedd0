namespace CudaLandscape.Landscape.Paths;

/// <summary>Settings of <see cref="CurveTraining"/>.</summary>
/// <param name="Epochs">Passes over the data.</param>
/// <param name="BatchSize">Samples per step.</param>
/// <param name="Rate">Learning rate: constant for half of the steps, then linear to a hundredth of it at 90 % of them.</param>
/// <param name="Momentum">μ in [0, 1).</param>
/// <param name="WeightDecay">λ of λ/2 ‖P_i‖² on every bend.</param>
/// <param name="Seed">Seed of the positions and of the order of samples.</param>
public sealed record CurveTrainingSettings(
    int Epochs, int BatchSize = 128, double Rate = 0.015, double Momentum = 0.9, double WeightDecay = 5e-4, ulong Seed = 1)
{
    /// <summary>The rate after a share of all steps.</summary>
    public double RateAt(double progress) => Rate * (progress < 0.5 ? 1 : progress < 0.9 ? 1 - (progress - 0.5) / 0.4 * 0.99 : 0.01);

    /// <summary>Throws when a setting is outside its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The message names it.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Epochs);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        if (!(Rate > 0)) throw new ArgumentOutOfRangeException(nameof(Rate), $"curve training: the rate must be positive, got {Rate}.");
        if (!(Momentum is >= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(Momentum), $"curve training: the momentum must be in [0, 1), got {Momentum}.");
        ArgumentOutOfRangeException.ThrowIfNegative(WeightDecay);
    }
}
