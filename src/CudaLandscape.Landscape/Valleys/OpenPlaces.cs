using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Modules;

namespace CudaLandscape.Landscape.Valleys;

/// <summary>How open places of <see cref="BackwardPaths"/> pass through the layers of a graph.</summary>
internal sealed class OpenPlaces
{
    private readonly Dictionary<Node, HashSet<int>> _joined = [];
    private readonly SharedFilters _filters;
    private readonly HashSet<int> _blockedFilters = [];

    public OpenPlaces(GraphModel model, IReadOnlyDictionary<string, int[]> joined, bool weightsAreShared)
    {
        _filters = new SharedFilters(model);
        foreach ((string name, int[] positions) in joined)
        {
            Node node = model[name];
            if (node.Module?.Role != LayerRole.Activation)
                throw new ArgumentException($"Assumption 3.1: '{name}' is {node.Kind}; expects neurons after their activation.");
            _joined.Add(node, [.. positions]);
            if (weightsAreShared) _blockedFilters.UnionWith(positions.SelectMany(position => _filters.Of(node, position)));
        }
    }

    /// <summary>The places of a node's output that read an open place.</summary>
    public bool[] Reached(Node node, Dictionary<Node, bool[]> open)
    {
        if (node.Inputs.Count == 0) return Repeat(true, node.Shape.ElementCount);
        bool[] input = open[node.Inputs[0]];
        return node switch
        {
            { Module: Conv2d } => OfConvolution(node, input),
            { Module: Linear } => Repeat(input.Contains(true), node.Shape.ElementCount),
            { Module: MaxPool2d or AvgPool2d } => OfPooling(node, input),
            { Kind: "Concat" } => [.. node.Inputs.SelectMany(n => open[n])],
            { Kind: "Add" } => [.. input.Select((_, i) => node.Inputs.Any(n => open[n][i]))],
            _ => input,
        };
    }

    /// <summary>The reached places of an activation that may lie on a path.</summary>
    public bool[] WithoutBlocked(Node node, bool[] reached)
    {
        HashSet<int>? joined = _joined.GetValueOrDefault(node);
        return [.. reached.Select((r, i) => r && joined?.Contains(i) != true && !_blockedFilters.Overlaps(_filters.Of(node, i)))];
    }

    private static bool[] OfConvolution(Node node, bool[] input)
    {
        var maps = node.Inputs[0].Shape;
        int area = (int)(maps[1] * maps[2]);
        bool[] anyChannel = new bool[area];
        for (int i = 0; i < input.Length; i++) anyChannel[i % area] |= input[i];
        bool[] map = MapWindows.Of(node.Module)!.Value.Any(anyChannel, maps[1], maps[2], node.Shape[1], node.Shape[2]);
        return [.. Enumerable.Range(0, (int)node.Shape[0]).SelectMany(_ => map)];
    }

    private static bool[] OfPooling(Node node, bool[] input)
    {
        var maps = node.Inputs[0].Shape;
        int area = (int)(maps[1] * maps[2]);
        MapWindows windows = MapWindows.Of(node.Module)!.Value;
        return [.. Enumerable.Range(0, (int)maps[0])
            .SelectMany(c => windows.Any(input.AsSpan(c * area, area), maps[1], maps[2], node.Shape[1], node.Shape[2]))];
    }

    private static bool[] Repeat(bool value, long count)
    {
        bool[] places = new bool[count];
        Array.Fill(places, value);
        return places;
    }
}
