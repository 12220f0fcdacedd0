using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Models;

/// <summary>
/// A network with skip connections from N hidden neurons to its outputs: y = f(x) + Ψ(x) Vᵀ, Ψ[B,N] the neurons after their
/// activation, V[m,N] weights of their own (Nguyen, Mukkamala and Hein, ICLR'19, section 3, M = N). The neurons are drawn at
/// random from a pool; the network's own last layer stays. Parameters are the network's, then <c>skip.weight</c>; with one seed
/// a network and its skip version therefore start from the same U. Ψ is not made: right after a layer its neurons add their share
/// of Ψ Vᵀ to the outputs, layer after layer, and the backward pass adds to the layer's gradient in place, once the layer behind
/// it has set it (<see cref="Tensors.Ops.SkipReadout"/>).
/// </summary>
public sealed class SkipNetwork : GraphModel, IDisposable
{
    private readonly NeuronGather[] _gathers;
    private readonly GraphModel _neurons;

    /// <summary>Declares the network; it shares the modules, and so the parameters, of <paramref name="basis"/>.</summary>
    /// <param name="basis">A network whose output is one row of class scores.</param>
    /// <param name="pool">Neurons of it to draw from.</param>
    /// <param name="count">N, how many are drawn.</param>
    /// <param name="seed">Seed of the draw.</param>
    /// <exception cref="ArgumentOutOfRangeException">The pool has fewer neurons.</exception>
    /// <exception cref="ArgumentException">The pool names a node or neurons that the network does not have.</exception>
    public SkipNetwork(GraphModel basis, NeuronPool pool, int count, ulong seed)
        : this(basis, Gathers(basis, pool.Locate(pool.Draw(count, seed))), count)
    {
    }

    private SkipNetwork(GraphModel basis, Dictionary<string, NeuronGather> gathers, int count)
        : base(WithHead(basis, gathers, count))
    {
        NeuronCount = count;
        _gathers = [.. gathers.Values];
        _neurons = ToNeurons(basis, gathers);
    }

    /// <summary>N, the number of skip connections to every output.</summary>
    public long NeuronCount { get; }

    /// <summary>Bytes of the lists of neurons on the device.</summary>
    public long IndexBytes => _gathers.Sum(g => g.IndexBytes);

    /// <summary>Brings the lists of neurons to the device; needed once before anything is computed.</summary>
    public void Upload(Device device)
    {
        foreach (NeuronGather gather in _gathers) gather.Upload(device);
    }

    /// <summary>Ψ[B,N], the drawn neurons for a batch, sorted by layer; only the layers up to the last of them are computed.</summary>
    public Tensor Neurons(Tensor x) => _neurons.Forward(x);

    /// <summary>Releases the lists of neurons.</summary>
    public void Dispose()
    {
        foreach (NeuronGather gather in _gathers) gather.Dispose();
    }

    private static Dictionary<string, NeuronGather> Gathers(GraphModel basis, IReadOnlyDictionary<string, int[]> chosen) =>
        chosen.ToDictionary(c => c.Key, c => new NeuronGather(c.Value, basis[c.Key].Shape.ElementCount), StringComparer.Ordinal);

    // The sums come first in the last addition, so that a backward pass goes through the layers' shares in turn with the layers.
    private static GraphModel WithHead(GraphModel basis, Dictionary<string, NeuronGather> gathers, int count)
    {
        GraphBuilder graph = new(basis.InputShape);
        SkipHead head = new(count, basis.Output.Shape.ElementCount);
        Node? sum = null;
        long first = 0;
        foreach (Node layer in Copies(basis, graph))
        {
            if (!gathers.TryGetValue(layer.Name, out NeuronGather? gather)) continue;
            Node[] inputs = sum is null ? [layer] : [layer, sum];
            sum = graph.Add($"{layer.Name}_skip", new SkipReadoutJoin(gather, head, first), inputs);
            first += gather.Count;
        }

        return graph.Build(graph.Add("sum", new AddJoin(), graph.Add("skip", head, sum!), graph[basis.Output.Name]));
    }

    // A layer's neurons are gathered right after it, so that its output can be released early.
    private static GraphModel ToNeurons(GraphModel basis, Dictionary<string, NeuronGather> gathers)
    {
        GraphBuilder graph = new(basis.InputShape);
        List<Node> parts = [];
        foreach (Node layer in Copies(basis, graph))
        {
            if (gathers.TryGetValue(layer.Name, out NeuronGather? gather)) parts.Add(graph.Add($"{layer.Name}_skip", gather, layer));
        }

        return graph.Build(graph.Add("skip_neurons", new ConcatJoin(), [.. parts]), graph[basis.Output.Name]);
    }

    private static IEnumerable<Node> Copies(GraphModel basis, GraphBuilder graph) => basis.Nodes.Skip(1).Select(graph.AddCopy);
}
