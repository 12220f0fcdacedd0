using System.Globalization;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Modules;

/// <summary>A function of each element, without parameters or state: one instance may serve any number of layers.</summary>
public sealed class Activation : Module
{
    private Activation(string kind, ActivationFunction function) => (Kind, Function) = (kind, function);

    /// <summary>1 / (1 + e^-x).</summary>
    public static Activation Sigmoid { get; } = new("Sigmoid", ActivationFunction.Sigmoid);

    /// <summary>tanh x.</summary>
    public static Activation Tanh { get; } = new("Tanh", ActivationFunction.Tanh);

    /// <summary>max(x, 0).</summary>
    public static Activation Relu { get; } = new("Relu", ActivationFunction.Relu);

    /// <summary>x; a layer that is linear.</summary>
    public static Activation Identity { get; } = new("Identity", ActivationFunction.Identity);

    /// <inheritdoc/>
    public override string Kind { get; }

    /// <summary>The function, for layers that end with it.</summary>
    internal ActivationFunction Function { get; }

    /// <inheritdoc/>
    public override LayerRole Role => LayerRole.Activation;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [];

    /// <summary>ln(1 + e^(alpha x)) / alpha; ICLR'19 uses alpha = 20.</summary>
    /// <exception cref="ArgumentOutOfRangeException">alpha is not positive and finite.</exception>
    public static Activation Softplus(double alpha = 1) =>
        new(string.Create(CultureInfo.InvariantCulture, $"Softplus({alpha:R})"), ActivationFunction.Softplus(alpha));

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Function.Apply(x);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input;
}
