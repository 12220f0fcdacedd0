using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Modules;

/// <summary>
/// A tensor that belongs to a module's state but is not trained, such as a running mean: declared with its shape and first
/// value, allocated by <see cref="ParameterSlab"/> beside the parameters.
/// </summary>
public sealed class ModuleBuffer
{
    private readonly string _localName;
    private readonly double _firstValue;
    private readonly DType? _type;
    private readonly ModuleBuffer? _source;
    private Tensor? _value;

    /// <summary>Declares a buffer.</summary>
    /// <param name="name">Name within its module.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="firstValue">The value every element starts from.</param>
    /// <param name="type">Its own element type; null for the model's.</param>
    /// <param name="module">Name of the module when it is used outside a graph; empty for none.</param>
    public ModuleBuffer(string name, Shape shape, double firstValue, DType? type = null, string module = "")
        : this(module.Length == 0 ? name : $"{module}.{name}", name, shape, firstValue, type, null)
    {
    }

    private ModuleBuffer(string name, string localName, Shape shape, double firstValue, DType? type, ModuleBuffer? source) =>
        (Name, _localName, Shape, _firstValue, _type, _source) = (name, localName, shape, firstValue, type, source);

    /// <summary>Name within its model, as PyTorch writes it: <c>bn1.running_mean</c>.</summary>
    public string Name { get; }

    /// <summary>Its shape.</summary>
    public Shape Shape { get; }

    /// <summary>The tensor; it has no gradient and is overwritten in place.</summary>
    /// <exception cref="InvalidOperationException">The model has not been initialized.</exception>
    public Tensor Value
    {
        get => Root._value ?? throw new InvalidOperationException($"Buffer {Name} has no value; initialize the model first.");
        internal set => Root._value = value;
    }

    /// <summary>The buffer that holds the tensor: itself, or the one a graph gave another name.</summary>
    internal ModuleBuffer Root => _source?.Root ?? this;

    /// <summary>The same buffer under the name it has in a graph; the node's name takes the place of the module's own.</summary>
    internal ModuleBuffer In(string node) => new($"{node}.{_localName}", $"{node}.{_localName}", Shape, _firstValue, _type, this);

    /// <summary>Makes a tensor in the current scope, in the model's type unless the buffer has one of its own.</summary>
    internal Tensor Allocate(Device device, DType modelType) =>
        Tensor.Full(device, Shape, _type ?? modelType, _firstValue, Name);
}
