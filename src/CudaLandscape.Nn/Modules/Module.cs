using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Modules;

/// <summary>A part of a network: parameters and a forward computation.</summary>
public abstract class Module
{
    private bool _isTraining = true;

    /// <summary>The parameters in the order of the forward computation.</summary>
    public abstract IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>State that is not trained, such as running statistics; by default that of the children.</summary>
    public virtual IReadOnlyList<ModuleBuffer> Buffers => [.. Children.SelectMany(child => child.Buffers)];

    /// <summary>
    /// Whether the module behaves as in training, true at first. It matters to modules such as <see cref="BatchNorm2d"/>;
    /// setting it sets the children's.
    /// </summary>
    public bool IsTraining
    {
        get => _isTraining;
        set
        {
            _isTraining = value;
            foreach (Module child in Children) child.IsTraining = value;
        }
    }

    /// <summary>The modules this one is made of; a module that has some names them here.</summary>
    protected virtual IReadOnlyList<Module> Children => [];

    /// <summary>The output for a batch.</summary>
    /// <exception cref="ArgumentException">The batch does not fit; the message names the op and the shapes.</exception>
    public abstract Tensor Forward(Tensor x);

    /// <summary>Number of trainable numbers.</summary>
    public long ParameterCount => Parameters.Sum(p => p.Shape.ElementCount);
}
