using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Nn.Graph;

/// <summary>
/// Concatenations of channels that extend one another, as in a dense block: each has the one before as its first input. They share a
/// buffer with room for all channels of the last; each writes its new channels, and has the buffer as its output, of which its own
/// channels are the first. Only what reads no further than these may have it as it is; the rest gets a copy of its own channels
/// (<see cref="Own"/>). Under <see cref="AnomalyMode"/> nothing is shared, since it looks at whole outputs.
/// </summary>
internal sealed class GrowingJoins
{
    // By the join's index: all channels of its buffer, and whether it is the first that writes to it.
    private readonly Dictionary<int, (long Channels, bool IsFirst)> _joins = [];

    public GrowingJoins(IReadOnlyList<Node> nodes)
    {
        Dictionary<Node, Node> next = [];
        HashSet<Node> later = [];
        foreach (Node node in nodes.Where(IsOfChannels))
        {
            if (IsOfChannels(node.Inputs[0]) && next.TryAdd(node.Inputs[0], node)) later.Add(node);
        }

        foreach (Node first in next.Keys.Where(n => !later.Contains(n))) AddChain(first, next);
    }

    /// <summary>Whether that node shares a buffer now.</summary>
    public bool Has(Node node) => _joins.ContainsKey(node.Index) && !AnomalyMode.IsEnabled;

    /// <summary>The buffer with the channels of a join, given the outputs of what it reads.</summary>
    public Tensor Run(Node join, Func<Node, Tensor> outputs)
    {
        (long channels, bool isFirst) = _joins[join.Index];
        Tensor buffer = outputs(join.Inputs[0]);
        int next = isFirst ? 0 : 1;
        if (isFirst) buffer = Tensor.Empty(buffer.Device, buffer.Shape.With(1, channels), buffer.DType, join.Name);
        for (long begin = isFirst ? 0 : join.Inputs[0].Shape[0]; next < join.Inputs.Count; next++)
        {
            buffer = buffer.WriteChannels(Own(join.Inputs[next], outputs(join.Inputs[next])), begin);
            begin += join.Inputs[next].Shape[0];
        }

        return buffer;
    }

    /// <summary>A node's output without the channels that later nodes have written behind its own.</summary>
    public static Tensor Own(Node node, Tensor output) =>
        node.Shape.Rank == 3 && output.Shape[1] != node.Shape[0] ? output.Slice(1, 0, node.Shape[0]) : output;

    private void AddChain(Node first, Dictionary<Node, Node> next)
    {
        List<Node> chain = [first];
        while (next.TryGetValue(chain[^1], out Node? node)) chain.Add(node);
        foreach (Node node in chain) _joins.Add(node.Index, (chain[^1].Shape[0], node == first));
    }

    private static bool IsOfChannels(Node node) => node is { Operation: ConcatJoin { Axis: 0 }, Shape.Rank: 3 };
}
