using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Modules;

/// <summary>A part of a network: parameters and a forward computation.</summary>
public abstract class Module
{
    /// <summary>The parameters in the order of the forward computation.</summary>
    public abstract IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The output for a batch.</summary>
    /// <exception cref="ArgumentException">The batch does not fit; the message names the op and the shapes.</exception>
    public abstract Tensor Forward(Tensor x);

    /// <summary>Number of trainable numbers.</summary>
    public long ParameterCount => Parameters.Sum(p => p.Shape.ElementCount);
}
