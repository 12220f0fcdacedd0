using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Graph;

/// <summary>One layer after the other, the graph that is a chain; called 0, 1, … unless they are given names.</summary>
public sealed class Sequential : GraphModel
{
    /// <summary>A chain of layers called 0, 1, ….</summary>
    /// <exception cref="ArgumentException">A layer does not fit the one before it.</exception>
    public Sequential(Shape inputShape, params Module[] layers)
        : this(inputShape, [.. layers.Select((layer, i) => ($"{i}", layer))])
    {
    }

    /// <summary>A chain of layers with names.</summary>
    /// <exception cref="ArgumentException">A layer does not fit the one before it, or a name is used twice.</exception>
    public Sequential(Shape inputShape, params (string Name, Module Layer)[] layers)
        : base(Chain(inputShape, layers))
    {
    }

    private static GraphModel Chain(Shape inputShape, (string Name, Module Layer)[] layers)
    {
        GraphBuilder graph = new(inputShape);
        Node last = graph.Input;
        foreach ((string name, Module layer) in layers) last = graph.Add(name, layer, last);
        return graph.Build(last);
    }
}
