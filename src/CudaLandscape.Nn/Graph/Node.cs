using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Graph;

/// <summary>A place in a graph: a layer, a join or the input. Made by <see cref="GraphBuilder"/>.</summary>
public sealed class Node
{
    internal Node(GraphBuilder builder, int index, string name, object? operation, Node[] inputs, Shape shape)
    {
        (Builder, Index, Name, Operation, Inputs, Shape) = (builder, index, name, operation, inputs, shape);
    }

    /// <summary>Its name, unique in the graph.</summary>
    public string Name { get; }

    /// <summary>Shape of its output for one sample, without the axis of the batch.</summary>
    public Shape Shape { get; }

    /// <summary>The nodes it reads, all made before it.</summary>
    public IReadOnlyList<Node> Inputs { get; }

    /// <summary>The layer; null for a join and for the input.</summary>
    public Module? Module => Operation as Module;

    /// <summary>What it is, in tables and messages.</summary>
    public string Kind => Module?.Kind ?? (Operation as Join)?.Kind ?? "Input";

    internal GraphBuilder Builder { get; }

    internal int Index { get; }

    internal object? Operation { get; }

    /// <summary>Its output for the outputs of the nodes it reads.</summary>
    internal Tensor Run(Tensor[] inputs) => Operation is Join join ? join.Forward(inputs) : Module!.Forward(inputs[0]);
}
