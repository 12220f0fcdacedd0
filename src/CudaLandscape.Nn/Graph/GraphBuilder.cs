using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Graph;

/// <summary>
/// Builds any directed acyclic graph of layers: a node reads nodes made before it, so there are no cycles. The same module
/// at two nodes shares its parameters.
/// <code>
/// GraphBuilder g = new([1, 28, 28]);
/// Node a = g.Add("conv1", new Conv2d(g.Input.Shape, 8, kernel: 3, pad: 1), g.Input);
/// Node b = g.Add("both", new ConcatJoin(), g.Input, g.Add("relu1", Activation.Relu, a));
/// GraphModel model = g.Build(b);
/// </code>
/// </summary>
public sealed class GraphBuilder
{
    private readonly List<Node> _nodes = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Begins a graph with its input.</summary>
    /// <param name="inputShape">Shape of one sample, without the axis of the batch.</param>
    public GraphBuilder(Shape inputShape) => Input = Append("input", null, [], inputShape);

    /// <summary>The input, a node called <c>input</c>.</summary>
    public Node Input { get; }

    /// <summary>Adds a layer.</summary>
    /// <exception cref="ArgumentException">
    /// The name is taken, empty or has a dot, the node is of another graph, or the layer does not fit the node's shape.
    /// </exception>
    public Node Add(string name, Module module, Node input) =>
        Append(name, module, [input], () => module.OutputShape(input.Shape), module.Kind);

    /// <summary>Adds a join of one or more nodes.</summary>
    /// <exception cref="ArgumentException">
    /// The name is taken, empty or has a dot, a node is of another graph, there is none, or their shapes do not fit together.
    /// </exception>
    public Node Add(string name, Join join, params Node[] inputs)
    {
        if (inputs.Length == 0)
            throw new ArgumentException($"Layer '{name}' ({join.Kind}) joins no nodes; give at least one.");
        return Append(name, join, [.. inputs], () => join.OutputShape([.. inputs.Select(x => x.Shape)]), join.Kind);
    }

    /// <summary>
    /// Adds a node of another graph under its own name; what it reads is taken from the nodes of this graph of the same names.
    /// Its module, and so its parameters, are shared with the other graph.
    /// </summary>
    internal Node AddCopy(Node other) =>
        Append(other.Name, other.Operation, [.. other.Inputs.Select(x => this[x.Name])], other.Shape);

    /// <summary>The node of that name, which has been added.</summary>
    internal Node this[string name] => _nodes.Single(n => n.Name == name);

    /// <summary>The model.</summary>
    /// <param name="output">The node whose output <see cref="GraphModel.Forward(Tensor)"/> gives.</param>
    /// <param name="alsoRead">Nodes that lead to no output but are read by name.</param>
    /// <exception cref="ArgumentException">
    /// A node is of another graph, leads nowhere, or two parameters have one name.
    /// </exception>
    public GraphModel Build(Node output, params Node[] alsoRead)
    {
        Node[] ends = [output, .. alsoRead];
        foreach (Node end in ends) RequireOwn("Build", end);
        RequireUsed(ends);
        return new GraphModel([.. _nodes], output);
    }

    private void RequireUsed(Node[] ends)
    {
        bool[] used = new bool[_nodes.Count];
        used[Input.Index] = true;
        foreach (Node end in ends) used[end.Index] = true;
        for (int i = used.Length - 1; i >= 0; i--)
        {
            Node node = _nodes[i];
            if (!used[i])
                throw new ArgumentException(
                    $"Layer '{node.Name}' ({node.Kind}) leads to no output; give it to Build as one that is read, or drop it.");
            foreach (Node input in node.Inputs) used[input.Index] = true;
        }
    }

    private Node Append(string name, object operation, Node[] inputs, Func<Shape> shape, string kind)
    {
        if (name.Length == 0 || name.Contains('.', StringComparison.Ordinal))
            throw new ArgumentException($"A layer cannot be called '{name}': a name has at least one letter and no dot.");
        if (_names.Contains(name))
            throw new ArgumentException($"The graph already has a layer '{name}'; names must be unique.");
        foreach (Node input in inputs) RequireOwn($"Layer '{name}' ({kind})", input);
        try
        {
            return Append(name, operation, inputs, shape());
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"Layer '{name}' ({kind}) does not fit {Sources(inputs)}: {e.Message}", e);
        }
    }

    private Node Append(string name, object? operation, Node[] inputs, Shape shape)
    {
        Node node = new(this, _nodes.Count, name, operation, inputs, shape);
        _nodes.Add(node);
        _names.Add(name);
        return node;
    }

    private void RequireOwn(string what, Node node)
    {
        if (!ReferenceEquals(node.Builder, this))
            throw new ArgumentException($"{what}: node '{node.Name}' is of another graph; every graph has its own builder.");
    }

    private static string Sources(Node[] inputs) => string.Join(" and ", inputs.Select(x => $"'{x.Name}' {x.Shape}"));
}
