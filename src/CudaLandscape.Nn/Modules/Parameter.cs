using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Modules;

/// <summary>A trainable tensor of a module: declared with its shape, filled by <see cref="ParameterSlab"/>.</summary>
public sealed class Parameter
{
    private Tensor? _value;
    private Parameter? _source;

    /// <summary>Declares a weight of the given fans.</summary>
    /// <param name="name">Name within its module.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="fanIn">Inputs per output neuron, 1 or more.</param>
    /// <param name="fanOut">Outputs per input.</param>
    /// <param name="module">Name of the module when it is used outside a graph; empty for none.</param>
    public static Parameter Weight(string name, Shape shape, long fanIn, long fanOut, string module = "") =>
        new() { Name = Join(module, name), LocalName = name, Shape = shape, FanIn = fanIn, FanOut = fanOut };

    /// <summary>Declares a bias.</summary>
    public static Parameter Bias(string name, Shape shape, string module = "") =>
        new() { Name = Join(module, name), LocalName = name, Shape = shape };

    /// <summary>Declares a parameter that starts from one value whatever the initializer, as a normalisation's do.</summary>
    public static Parameter Constant(string name, Shape shape, double firstValue, string module = "") =>
        new() { Name = Join(module, name), LocalName = name, Shape = shape, FirstValue = firstValue };

    /// <summary>Name within its model, as PyTorch writes it: <c>conv1.weight</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The parameter that holds the tensor: itself, or the one a graph gave another name.</summary>
    internal Parameter Root => _source?.Root ?? this;

    private string? LocalName { get; init; }

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
        get => Root._value ?? throw new InvalidOperationException($"Parameter {Name} has no value; initialize the model first.");
        internal set => Root._value = value;
    }

    /// <summary>The same parameter under the name it has in a graph; the node's name takes the place of the module's own.</summary>
    internal Parameter In(string node)
    {
        string name = Join(node, LocalName ?? Name);
        return new() { Name = name, Shape = Shape, FanIn = FanIn, FanOut = FanOut, FirstValue = FirstValue, _source = this };
    }

    private static string Join(string module, string name) => module.Length == 0 ? name : $"{module}.{name}";
}
