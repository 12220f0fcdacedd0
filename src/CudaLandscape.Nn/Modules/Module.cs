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

    /// <summary>This module and all that it is made of.</summary>
    internal IEnumerable<Module> SelfAndDescendants => [this, .. Children.SelectMany(child => child.SelfAndDescendants)];

    /// <summary>What it is, in tables and messages, such as <c>Conv2d</c>.</summary>
    public virtual string Kind => GetType().Name;

    /// <summary>What it makes of its input; decides which outputs count as neurons.</summary>
    public virtual LayerRole Role => LayerRole.Arrangement;

    /// <summary>Number of trainable numbers.</summary>
    public long ParameterCount => Parameters.Sum(p => p.Shape.ElementCount);

    /// <summary>The output for a batch.</summary>
    /// <exception cref="ArgumentException">The batch does not fit; the message names the op and the shapes.</exception>
    public abstract Tensor Forward(Tensor x);

    /// <summary>Shape of one sample's output for one sample's input, without the axis of the batch; computes nothing.</summary>
    /// <exception cref="ArgumentException">Such an input does not fit; the message says what does.</exception>
    /// <exception cref="NotSupportedException">The module declares no shape rule.</exception>
    public virtual Shape OutputShape(Shape input) =>
        throw new NotSupportedException($"{Kind} has no shape rule; override OutputShape to use it in a graph.");

    /// <summary>Multiplications of a weight with an input, each with its addition, for one sample's forward pass.</summary>
    public virtual long MultiplyAdds(Shape input) => 0;
}
