using System.Globalization;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Modules;

/// <summary>A function of each element, without parameters or state: one instance may serve any number of layers.</summary>
public sealed class Activation : Module
{
    private readonly Func<Tensor, Tensor> _function;

    private Activation(string kind, Func<Tensor, Tensor> function) => (Kind, _function) = (kind, function);

    /// <summary>1 / (1 + e^-x).</summary>
    public static Activation Sigmoid { get; } = new("Sigmoid", x => x.Sigmoid());

    /// <summary>tanh x.</summary>
    public static Activation Tanh { get; } = new("Tanh", x => x.Tanh());

    /// <summary>max(x, 0).</summary>
    public static Activation Relu { get; } = new("Relu", x => x.Relu());

    /// <summary>x; a layer that is linear.</summary>
    public static Activation Identity { get; } = new("Identity", x => x.Reshape(x.Shape));

    /// <inheritdoc/>
    public override string Kind { get; }

    /// <inheritdoc/>
    public override LayerRole Role => LayerRole.Activation;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [];

    /// <summary>ln(1 + e^(alpha x)) / alpha; ICLR'19 uses alpha = 20.</summary>
    /// <exception cref="ArgumentOutOfRangeException">alpha is not positive and finite.</exception>
    public static Activation Softplus(double alpha = 1)
    {
        _ = new Softplus(alpha); // refuses a wrong alpha now, not at the first batch
        return new Activation(string.Create(CultureInfo.InvariantCulture, $"Softplus({alpha:R})"), x => x.Softplus(alpha));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => _function(x);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input;
}
