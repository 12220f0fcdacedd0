using CudaLandscape.Nn.Modules;

namespace CudaLandscape.Nn.Optimizers;

/// <summary>Settings of <see cref="Adam"/>; the defaults are the paper's and Keras'.</summary>
/// <param name="Rate">Learning rate; the paper's and Keras' is 1e-3.</param>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">Added to √v̂.</param>
public sealed record AdamSettings(LearningRate Rate, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-7)
    : OptimizerSettings(Rate)
{
    /// <inheritdoc/>
    public override void Validate()
    {
        Rate.Validate("Adam");
        Require(Beta1 is >= 0 and < 1, "Adam", "beta1", "in [0, 1)", Beta1);
        Require(Beta2 is >= 0 and < 1, "Adam", "beta2", "in [0, 1)", Beta2);
        Require(Epsilon > 0 && double.IsFinite(Epsilon), "Adam", "epsilon", "positive and finite", Epsilon);
    }

    /// <inheritdoc/>
    public override Optimizer Create(ParameterSlab parameters) => new Adam(parameters, this);
}
