using CudaLandscape.Nn.Modules;

namespace CudaLandscape.Nn.Optimizers;

/// <summary>Settings of <see cref="Sgd"/>; the defaults are plain gradient descent.</summary>
/// <param name="Rate">Learning rate.</param>
/// <param name="Momentum">μ in [0, 1).</param>
/// <param name="Nesterov">Nesterov's momentum: the step looks one step ahead; needs a momentum above 0.</param>
/// <param name="WeightDecay">λ: the gradient is that of loss + λ/2 ‖p‖² over all parameters, biases included.</param>
/// <param name="Form">Keras' velocity or PyTorch's; they differ only where the rate changes.</param>
public sealed record SgdSettings(
    LearningRate Rate, double Momentum = 0, bool Nesterov = false, double WeightDecay = 0, MomentumForm Form = MomentumForm.Keras)
    : OptimizerSettings(Rate)
{
    /// <inheritdoc/>
    public override void Validate()
    {
        Rate.Validate("SGD");
        Require(Momentum is >= 0 and < 1, "SGD", "momentum", "in [0, 1)", Momentum);
        Require(!Nesterov || Momentum > 0, "SGD", "momentum", "above 0 with Nesterov's momentum", Momentum);
        Require(WeightDecay >= 0 && double.IsFinite(WeightDecay), "SGD", "weight decay", "0 or more", WeightDecay);
    }

    /// <inheritdoc/>
    public override Optimizer Create(ParameterSlab parameters) => new Sgd(parameters, this);
}
