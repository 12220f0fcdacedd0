using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Modules;

/// <summary>
/// A tensor that belongs to a module's state but is not trained, such as a running mean: declared with its shape and first
/// value, allocated by <see cref="ParameterSlab"/> beside the parameters.
/// </summary>
public sealed class ModuleBuffer(string name, Shape shape, double firstValue, DType? type = null)
{
    private Tensor? _value;

    /// <summary>Name within its model, as PyTorch writes it: <c>bn1.running_mean</c>.</summary>
    public string Name => name;

    /// <summary>Its shape.</summary>
    public Shape Shape => shape;

    /// <summary>The tensor; it has no gradient and is overwritten in place.</summary>
    /// <exception cref="InvalidOperationException">The model has not been initialized.</exception>
    public Tensor Value => _value ?? throw new InvalidOperationException($"Buffer {name} has no value; initialize the model first.");

    /// <summary>Makes the tensor in the current scope, in the model's type unless the buffer has one of its own.</summary>
    internal Tensor Allocate(Device device, DType modelType) =>
        _value = Tensor.Full(device, shape, type ?? modelType, firstValue, name);
}
