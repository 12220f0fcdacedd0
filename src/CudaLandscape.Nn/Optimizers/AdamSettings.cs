namespace CudaLandscape.Nn.Optimizers;

/// <summary>Settings of <see cref="Adam"/>; the defaults are the paper's and Keras'.</summary>
/// <param name="Rate">Learning rate of the first step.</param>
/// <param name="Decay">Decay per step, as Keras' <c>decay</c>: rate / (1 + decay · steps taken).</param>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">Added to √v̂.</param>
public sealed record AdamSettings(
    double Rate = 1e-3, double Decay = 0, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-7)
{
    /// <summary>Throws when a setting is outside its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The message names setting, range and value.</exception>
    public void Validate()
    {
        Require(Rate > 0 && double.IsFinite(Rate), "learning rate", "positive and finite", Rate);
        Require(Decay >= 0 && double.IsFinite(Decay), "decay", "0 or more", Decay);
        Require(Beta1 is >= 0 and < 1, "beta1", "in [0, 1)", Beta1);
        Require(Beta2 is >= 0 and < 1, "beta2", "in [0, 1)", Beta2);
        Require(Epsilon > 0 && double.IsFinite(Epsilon), "epsilon", "positive and finite", Epsilon);
    }

    private static void Require(bool valid, string name, string range, double value)
    {
        if (!valid) throw new ArgumentOutOfRangeException(name, $"Adam: {name} must be {range}; got {value}.");
    }
}
