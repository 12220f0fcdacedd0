using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Modules;

namespace CudaLandscape.Landscape.Tests.Valleys;

/// <summary>Backward paths by their definition, from neuron to neuron, for graphs whose layers are called as in the tests.</summary>
internal sealed class NeuronPaths(GraphModel model, Dictionary<string, int[]> joined, bool shared)
{
    private readonly Dictionary<(Node, int), bool> _known = [];

    /// <summary>Whether a neuron's activation reads, through any layers, a neuron that may lie on a path, or the input.</summary>
    public bool FromInputsOf(Node node, int position) => Sources(node, position).Any(s => Open(s.Node, s.Position));

    private bool Open(Node node, int position)
    {
        if (_known.TryGetValue((node, position), out bool known)) return known;
        bool free = node.Module?.Role != LayerRole.Activation || !IsInTheWay(node, position);
        return _known[(node, position)] = free && (node.Inputs.Count == 0 || FromInputsOf(node, position));
    }

    private bool IsInTheWay(Node node, int position)
    {
        if (joined.GetValueOrDefault(node.Name)?.Contains(position) == true) return true;
        return shared && joined.Any(j => j.Value.Any(other => Filters(model[j.Key], other).Intersect(Filters(node, position)).Any()));
    }

    // Filters as (layer, channel) of the nearest layers with weights.
    private static IEnumerable<(Node, int)> Filters(Node node, int position) => node.Module?.Role == LayerRole.Weighted
        ? [(node, (int)(position / (node.Shape.ElementCount / node.Shape[0])))]
        : Sources(node, position).SelectMany(s => s.Node.Inputs.Count == 0 ? [] : Filters(s.Node, s.Position));

    private static IEnumerable<(Node Node, int Position)> Sources(Node node, int position)
    {
        Node input = node.Inputs[0];
        if (node.Kind == "Add") return node.Inputs.Select(n => (n, position));
        if (node.Kind == "Concat")
        {
            int first = (int)input.Shape.ElementCount;
            return position < first ? [(input, position)] : [(node.Inputs[1], position - first)];
        }

        if (node.Module is Linear) return Enumerable.Range(0, (int)input.Shape.ElementCount).Select(i => (input, i));
        (int kernel, int stride, int pad, bool allChannels) = node.Name switch
        {
            "conv1" or "conv2" => (3, 1, 1, true),
            "conv2b" => (1, 1, 0, true),
            "conv3" => (3, 2, 1, true),
            "pool" => (2, 2, 0, false),
            _ => (0, 0, 0, false),
        };
        if (kernel == 0) return [(input, position)];
        (int side, int q) = ((int)input.Shape[1], (int)node.Shape[2]);
        int own = position / (q * q), row = position / q % q, column = position % q;
        return from c in allChannels ? Enumerable.Range(0, (int)input.Shape[0]) : [own]
               from h in Enumerable.Range(row * stride - pad, kernel)
               from w in Enumerable.Range(column * stride - pad, kernel)
               where h >= 0 && h < side && w >= 0 && w < side
               select (input, (c * side + h) * side + w);
    }
}
