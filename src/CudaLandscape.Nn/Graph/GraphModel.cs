using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Nn.Graph;

/// <summary>
/// A directed acyclic graph of layers, as ICLR'19 section 2 allows: every group of neurons may read any earlier ones.
/// Parameters are named <c>node.parameter</c>, as PyTorch does; a module at several nodes counts once, under its first node.
/// </summary>
public class GraphModel : Module
{
    private readonly Dictionary<string, Node> _byName;
    private readonly FusedActivations _fused;
    private readonly GrowingJoins _joins;

    internal GraphModel(Node[] nodes, Node output)
    {
        (Nodes, Output) = (nodes, output);
        _byName = nodes.ToDictionary(n => n.Name, StringComparer.Ordinal);
        (_fused, _joins) = (new FusedActivations(nodes), new GrowingJoins(nodes));
        Parameters = Collect(nodes);
        Buffers = CollectBuffers(nodes);
    }

    /// <summary>A model of its own type with the nodes and parameters of a built graph.</summary>
    protected GraphModel(GraphModel graph)
    {
        (Nodes, Output, _byName, _fused, _joins) = (graph.Nodes, graph.Output, graph._byName, graph._fused, graph._joins);
        (Parameters, Buffers) = (graph.Parameters, graph.Buffers);
    }

    /// <summary>All nodes, the input first, each after those it reads.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>The node whose output <see cref="Forward(Tensor)"/> gives.</summary>
    public Node Output { get; }

    /// <summary>Shape of one sample.</summary>
    public Shape InputShape => Nodes[0].Shape;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ModuleBuffer> Buffers { get; }

    /// <inheritdoc/>
    protected override IReadOnlyList<Module> Children => [.. Nodes.Select(n => n.Module).OfType<Module>().Distinct()];

    /// <summary>The node of that name.</summary>
    /// <exception cref="ArgumentException">There is none; the message names the nearest ones.</exception>
    public Node this[string name] => _byName.TryGetValue(name, out Node? node)
        ? node
        : throw new ArgumentException($"The graph has no node '{name}'; nearest: {NearestNames.Text(name, _byName.Keys)}.");

    /// <summary>The output for a batch [N, …] of samples.</summary>
    /// <exception cref="ArgumentException">The samples have not the shape the graph was built for.</exception>
    public override Tensor Forward(Tensor x) => Run(x, [Output])[0];

    /// <summary>The features of a node for a batch; only what it depends on is computed.</summary>
    /// <exception cref="ArgumentException">There is no such node, or the samples do not fit.</exception>
    public Tensor Features(string node, Tensor x) => Run(x, [this[node]])[0];

    /// <summary>The outputs of several nodes for a batch, in one pass.</summary>
    /// <exception cref="ArgumentException">There is no such node, or the samples do not fit.</exception>
    public Tensor[] Features(IReadOnlyList<string> nodes, Tensor x) => Run(x, [.. nodes.Select(n => this[n])]);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input == InputShape
        ? Output.Shape
        : throw new ArgumentException($"the graph was built for samples {InputShape}, got {input}.");

    /// <inheritdoc/>
    public override long MultiplyAdds(Shape input) =>
        Nodes.Where(n => n.Module is not null).Sum(n => n.Module!.MultiplyAdds(n.Inputs[0].Shape));

    private static Parameter[] Collect(Node[] nodes)
    {
        HashSet<Parameter> roots = [];
        Dictionary<string, Parameter> named = new(StringComparer.Ordinal);
        List<Parameter> parameters = [];
        foreach (Node node in nodes)
        {
            foreach (Parameter parameter in node.Module?.Parameters ?? [])
            {
                if (!roots.Add(parameter.Root)) continue;
                Parameter mine = parameter.In(node.Name);
                if (!named.TryAdd(mine.Name, mine))
                    throw new ArgumentException(
                        $"Layer '{node.Name}' ({node.Kind}) has two parameters called {mine.Name}; names must be unique.");
                parameters.Add(mine);
            }
        }

        return [.. parameters];
    }

    private static ModuleBuffer[] CollectBuffers(Node[] nodes) =>
    [
        .. from node in nodes
           from buffer in node.Module?.Buffers ?? []
           group (node, buffer) by buffer.Root into shared
           let first = shared.First()
           select first.buffer.In(first.node.Name),
    ];

    // Every output is released after its last use, since without a tape nothing else needs it.
    private Tensor[] Run(Tensor x, Node[] wanted)
    {
        if (x.Shape.Rank == 0 || !x.Shape.Sizes[1..].SequenceEqual(InputShape.Sizes))
            throw new ArgumentException($"graph: expects a batch [N,{string.Join(',', InputShape)}], got {x}.");
        using TensorScope scope = new();
        int[] uses = CountUses(wanted);
        _fused.Skip(uses);
        Tensor?[] outputs = new Tensor?[Nodes.Count];
        outputs[0] = Own(x);
        for (int i = 1; i < outputs.Length; i++)
        {
            if (uses[i] > 0) outputs[i] = RunNode(Nodes[i], outputs, uses);
        }

        return scope.Return(Array.ConvertAll(wanted, n => Own(GrowingJoins.Own(n, outputs[n.Index]!))));
    }

    private Tensor RunNode(Node node, Tensor?[] outputs, int[] uses)
    {
        Node? skipped = _fused.SkippedFor(node, uses);
        IReadOnlyList<Node> read = (skipped ?? node).Inputs;
        Tensor output = Compute(node, skipped, n => outputs[n.Index]!);
        if (read.Any(n => ReferenceEquals(outputs[n.Index], output))) output = Own(output);
        output.Name = node.Name;
        foreach (Node input in read)
        {
            if (--uses[input.Index] == 0) outputs[input.Index]!.Dispose();
        }

        return output;
    }

    private Tensor Compute(Node node, Node? skipped, Func<Node, Tensor> outputs)
    {
        if (skipped is not null) return FusedActivations.Run(skipped, node, outputs);
        return _joins.Has(node) ? _joins.Run(node, outputs) : RunNamed(node, [.. node.Inputs.Select(n => GrowingJoins.Own(n, outputs(n)))]);
    }

    private static Tensor RunNamed(Node node, Tensor[] inputs)
    {
        try
        {
            return node.Run(inputs);
        }
        catch (NonFiniteValueException e)
        {
            e.Layer = e.Layer is { } inner ? $"{node.Name}.{inner}" : node.Name;
            throw;
        }
    }

    // How often each node's output is read on the way to the wanted ones; they themselves stay.
    private int[] CountUses(Node[] wanted)
    {
        int[] uses = new int[Nodes.Count];
        foreach (Node node in wanted) uses[node.Index]++;
        for (int i = uses.Length - 1; i > 0; i--)
        {
            if (uses[i] == 0) continue;
            foreach (Node input in Nodes[i].Inputs) uses[input.Index]++;
        }

        return uses;
    }

    // A handle of our own: the caller's is not ours to release, and one result may be asked for twice.
    private static Tensor Own(Tensor x) => x.Reshape(x.Shape);
}
