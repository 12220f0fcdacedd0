using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Models;

/// <summary>
/// A network with skip connections from N hidden neurons to its outputs: y = f(x) + Ψ(x) Vᵀ, Ψ[B,N] the neurons after their
/// activation, V[m,N] weights of their own (Nguyen, Mukkamala and Hein, ICLR'19, section 3, M = N). The neurons are drawn at
/// random from a pool; the network's own last layer stays. Parameters are the network's, then <c>skip.weight</c>; with one seed
/// a network and its skip version therefore start from the same U.
/// </summary>
public sealed class SkipNetwork : GraphModel, IDisposable
{
    private const string NeuronNode = "skip_neurons";
    private readonly NeuronGather[] _gathers;

    /// <summary>Declares the network; it shares the modules, and so the parameters, of <paramref name="basis"/>.</summary>
    /// <param name="basis">A network whose output is one row of class scores.</param>
    /// <param name="pool">Neurons of it to draw from.</param>
    /// <param name="count">N, how many are drawn.</param>
    /// <param name="seed">Seed of the draw.</param>
    /// <exception cref="ArgumentOutOfRangeException">The pool has fewer neurons.</exception>
    /// <exception cref="ArgumentException">The pool names a node or neurons that the network does not have.</exception>
    public SkipNetwork(GraphModel basis, NeuronPool pool, int count, ulong seed)
        : this(Declare(basis, pool.Locate(pool.Draw(count, seed))))
    {
    }

    private SkipNetwork(GraphModel graph)
        : base(graph) => _gathers = [.. graph.Nodes.Select(n => n.Module).OfType<NeuronGather>()];

    /// <summary>N, the number of skip connections to every output.</summary>
    public long NeuronCount => this[NeuronNode].Shape.ElementCount;

    /// <summary>Bytes of the lists of neurons on the device.</summary>
    public long IndexBytes => _gathers.Sum(g => g.IndexBytes);

    /// <summary>Brings the lists of neurons to the device; needed once before anything is computed.</summary>
    public void Upload(Device device)
    {
        foreach (NeuronGather gather in _gathers) gather.Upload(device);
    }

    /// <summary>Ψ[B,N], the drawn neurons for a batch, sorted by layer; only the layers up to the last of them are computed.</summary>
    public Tensor Neurons(Tensor x) => Features(NeuronNode, x);

    /// <summary>Releases the lists of neurons.</summary>
    public void Dispose()
    {
        foreach (NeuronGather gather in _gathers) gather.Dispose();
    }

    // A layer's neurons are gathered right after it, so that its output can be released early where there is no tape.
    private static GraphModel Declare(GraphModel basis, IReadOnlyDictionary<string, int[]> chosen)
    {
        foreach (string name in chosen.Keys) _ = basis[name];
        GraphBuilder graph = new(basis.InputShape);
        List<Node> parts = [];
        Node own = graph.Input;
        foreach (Node node in basis.Nodes.Skip(1))
        {
            Node copy = graph.AddCopy(node);
            if (ReferenceEquals(node, basis.Output)) own = copy;
            if (chosen.TryGetValue(node.Name, out int[]? positions))
                parts.Add(graph.Add($"{node.Name}_skip", new NeuronGather(positions, node.Shape.ElementCount), copy));
        }

        Node neurons = graph.Add(NeuronNode, new ConcatJoin(), [.. parts]);
        Node skip = graph.Add("skip", new Linear(neurons.Shape[0], own.Shape.ElementCount, bias: false), neurons);
        return graph.Build(graph.Add("sum", new AddJoin(), own, skip));
    }
}
