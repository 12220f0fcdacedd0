using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Modules;

namespace CudaLandscape.Landscape.Valleys;

/// <summary>
/// The receptive fields S_i of the first hidden layer: the inputs that its neurons see, without the zeros of padding. They do not
/// depend on the filter, so there is one per position of the maps; windows with the same taps of the filter are comparable, those cut
/// at a border are a group of their own.
/// </summary>
/// <param name="Inputs">Number of inputs, n_0.</param>
/// <param name="Groups">Positions by the taps they have; each position is the list of its inputs, in the order of the taps.</param>
public sealed record FirstLayerPatches(int Inputs, IReadOnlyList<int[][]> Groups)
{
    /// <summary>Number of different receptive fields.</summary>
    public int Positions => Groups.Sum(g => g.Length);

    /// <summary>Those of the layers with weights that read the input.</summary>
    public static FirstLayerPatches Of(GraphModel model)
    {
        Node[] layers = [.. model.Nodes.Where(n => n.Module?.Role == LayerRole.Weighted && IsInput(n.Inputs[0]))];
        return new FirstLayerPatches((int)model.InputShape.ElementCount, [.. layers.SelectMany(GroupsOf)]);
    }

    private static bool IsInput(Node node) => node.Inputs.Count == 0 || (node.Module is Flatten && IsInput(node.Inputs[0]));

    private static IEnumerable<int[][]> GroupsOf(Node layer)
    {
        if (MapWindows.Of(layer.Module) is not { } windows) return [[[.. Enumerable.Range(0, (int)layer.Inputs[0].Shape.ElementCount)]]];
        var maps = layer.Inputs[0].Shape;
        int[][] inputs = windows.Inputs(maps, layer.Shape);
        return inputs.Select((patch, i) => (patch, Cut: (Cut(i / layer.Shape[2], maps[1]), Cut(i % layer.Shape[2], maps[2]))))
            .GroupBy(p => p.Cut).Select(group => group.Select(p => p.patch).ToArray());

        // Which rows or columns of the kernel lie inside.
        (long First, long End) Cut(long i, long size) =>
            (windows.Range(i, size).Begin - (i * windows.Stride - windows.Pad), windows.Range(i, size).End - (i * windows.Stride - windows.Pad));
    }
}
