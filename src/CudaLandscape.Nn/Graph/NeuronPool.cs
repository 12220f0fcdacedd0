using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Nn.Graph;

/// <summary>
/// The hidden neurons that skip connections are drawn from, layer after layer. Only their places are known here; no tensor of
/// all of them is ever made.
/// </summary>
public sealed class NeuronPool
{
    // Far from the streams of parameters (0, 1, …), orders (2^40 + epoch), augmentation (2^41) and noise (2^50).
    private const ulong DrawStream = 1UL << 42;

    /// <summary>A pool of the given parts.</summary>
    /// <exception cref="ArgumentException">A part is empty, or there are none, or 2^31 neurons or more.</exception>
    public NeuronPool(IReadOnlyList<NeuronSource> sources)
    {
        if (sources.Count == 0 || sources.Any(s => s.Count < 1 || s.First < 0))
            throw new ArgumentException($"neuron pool: expects parts of 1 or more neurons; got {string.Join(", ", sources)}.");
        Sources = [.. sources];
        long count = sources.Sum(s => s.Count);
        Count = count <= int.MaxValue ? (int)count
            : throw new ArgumentException($"neuron pool: {count} neurons are too many; at most {int.MaxValue}.");
    }

    /// <summary>The parts in order.</summary>
    public IReadOnlyList<NeuronSource> Sources { get; }

    /// <summary>Number of neurons.</summary>
    public int Count { get; }

    /// <summary>All hidden neurons of a graph after their activation: the outputs of its activation layers.</summary>
    /// <exception cref="ArgumentException">The graph has no activation layer.</exception>
    public static NeuronPool OfActivations(GraphModel model) => new(
    [
        .. model.Nodes.Where(n => n.Module?.Role == LayerRole.Activation)
            .Select(n => new NeuronSource(n.Name, 0, n.Shape.ElementCount)),
    ]);

    /// <summary>
    /// Places of <paramref name="count"/> different neurons in the pool, every subset equally likely, in rising order and so
    /// sorted by layer.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The pool has fewer, or none were asked for.</exception>
    public int[] Draw(int count, ulong seed)
    {
        if (count < 1 || count > Count)
            throw new ArgumentOutOfRangeException(
                nameof(count), $"skip connections: cannot draw {count} neurons from a pool of {Count}; ask for 1 to {Count}.");
        int[] places = Philox.Permutation(new RandomStream(seed, DrawStream), Count)[..count];
        Array.Sort(places);
        return places;
    }

    /// <summary>The neurons at rising places of the pool: positions in the output of each node that has any.</summary>
    public IReadOnlyDictionary<string, int[]> Locate(ReadOnlySpan<int> places)
    {
        Dictionary<string, List<int>> located = new(StringComparer.Ordinal);
        long begin = 0;
        int next = 0;
        foreach (NeuronSource source in Sources)
        {
            for (; next < places.Length && places[next] < begin + source.Count; next++)
            {
                if (!located.TryGetValue(source.Node, out List<int>? positions)) located.Add(source.Node, positions = []);
                positions.Add((int)(source.First + places[next] - begin));
            }

            begin += source.Count;
        }

        return located.ToDictionary(p => p.Key, p => p.Value.ToArray(), StringComparer.Ordinal);
    }
}
