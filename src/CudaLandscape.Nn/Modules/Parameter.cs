using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Modules;

/// <summary>A trainable tensor of a module: declared with its shape, filled by <see cref="ParameterSlab"/>.</summary>
public sealed class Parameter
{
    private Tensor? _value;

    /// <summary>Declares a weight of the given fans.</summary>
    public static Parameter Weight(string name, Shape shape, long fanIn, long fanOut) =>
        new() { Name = name, Shape = shape, FanIn = fanIn, FanOut = fanOut };

    /// <summary>Declares a bias.</summary>
    public static Parameter Bias(string name, Shape shape) => new() { Name = name, Shape = shape };

    /// <summary>Declares a parameter that starts from one value whatever the initializer, as a normalisation's do.</summary>
    public static Parameter Constant(string name, Shape shape, double firstValue) =>
        new() { Name = name, Shape = shape, FirstValue = firstValue };

    /// <summary>Name within its model, as PyTorch writes it: <c>conv1.weight</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its shape.</summary>
    public required Shape Shape { get; init; }

    /// <summary>Inputs per output neuron; 0 for a bias.</summary>
    public long FanIn { get; private init; }

    /// <summary>Outputs per input; 0 for a bias.</summary>
    public long FanOut { get; private init; }

    /// <summary>The value every element starts from; null when the initializer draws them.</summary>
    public double? FirstValue { get; private init; }

    /// <summary>True for what is initialized as a bias, or to a constant.</summary>
    public bool IsBias => FanIn == 0;

    /// <summary>The tensor, a leaf that requires a gradient.</summary>
    /// <exception cref="InvalidOperationException">The model has not been initialized.</exception>
    public Tensor Value
    {
        get => _value ?? throw new InvalidOperationException($"Parameter {Name} has no value; initialize the model first.");
        internal set => _value = value;
    }
}
