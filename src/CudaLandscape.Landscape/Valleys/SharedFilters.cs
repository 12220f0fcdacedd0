using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Modules;

namespace CudaLandscape.Landscape.Valleys;

/// <summary>
/// Which filters make the neurons of each channel: the neurons of a convolution's map share their weights, and so do copies of a
/// map that several activations read. A neuron of a full layer has a filter of its own.
/// </summary>
internal sealed class SharedFilters
{
    private readonly Dictionary<Node, int[][]> _ofChannel = [];
    private readonly Dictionary<Module, int> _first = [];
    private int _count;

    /// <summary>Follows the channels of a graph through its nodes.</summary>
    /// <exception cref="ArgumentException">A node is of a kind whose channels cannot be followed.</exception>
    public SharedFilters(GraphModel model)
    {
        foreach (Node node in model.Nodes) _ofChannel.Add(node, ChannelsOf(node));
    }

    /// <summary>The filters of the neuron at a position of a node's output; none for the input.</summary>
    public int[] Of(Node node, int position)
    {
        int[][] channels = _ofChannel[node];
        return channels[(int)(position / (node.Shape.ElementCount / channels.Length))];
    }

    private int[][] ChannelsOf(Node node)
    {
        if (node.Inputs.Count == 0) return [.. Enumerable.Range(0, (int)node.Shape[0]).Select(_ => Array.Empty<int>())];
        int[][] first = _ofChannel[node.Inputs[0]];
        return node switch
        {
            { Module.Role: LayerRole.Weighted } => NewFilters(node),
            { Module: Flatten } => [.. first.SelectMany(f => Enumerable.Repeat(f, (int)(node.Shape[0] / first.Length)))],
            { Kind: "Concat" } => [.. node.Inputs.SelectMany(n => _ofChannel[n])],
            { Kind: "Add" } => [.. first.Select((_, c) => node.Inputs.SelectMany(n => _ofChannel[n][c]).Distinct().ToArray())],
            { Module: Activation or BatchNorm2d or MaxPool2d or AvgPool2d } => first,
            _ => throw new ArgumentException(
                $"Assumption 3.1: layer '{node.Name}' is {node.Kind}; known are convolutions, full layers, activations, normalisations, "
                + "pooling, Flatten, Concat and Add."),
        };
    }

    // The same module at two nodes has the same filters.
    private int[][] NewFilters(Node node)
    {
        int channels = (int)node.Shape[0];
        if (!_first.TryGetValue(node.Module!, out int first))
        {
            _first.Add(node.Module!, first = _count);
            _count += channels;
        }

        return [.. Enumerable.Range(first, channels).Select(filter => (int[])[filter])];
    }
}
