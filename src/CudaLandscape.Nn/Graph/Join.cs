using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Graph;

/// <summary>Makes one tensor of several: where branches of a graph meet. Holds no state.</summary>
public abstract class Join
{
    /// <summary>What it is, in tables and messages.</summary>
    public abstract string Kind { get; }

    /// <summary>The output for the outputs of the nodes it reads, in their order.</summary>
    public abstract Tensor Forward(IReadOnlyList<Tensor> inputs);

    /// <summary>Shape of one sample's output, without the axis of the batch.</summary>
    /// <exception cref="ArgumentException">Such inputs do not fit together.</exception>
    public abstract Shape OutputShape(IReadOnlyList<Shape> inputs);
}
