using CudaLandscape.Tensors;

namespace CudaLandscape.TestKit.Table;

/// <summary>
/// The head of a skip network and its two adjoints: no neurons and all, weights with columns of other layers around, more outputs
/// than are computed together, no samples, more neurons than a chunk has, neurons close together far from both ends of their layer, and
/// neurons far apart.
/// </summary>
internal static class SkipHeadRows
{
    public static IEnumerable<OpRow> All =>
    [
        .. Three([3, 2, 2, 3], [0, 4, 5, 11], [4, 6], 1),
        .. Three([2, 5], [0, 1, 2, 3, 4], [12, 5], 0),
        .. Three([1, 7], [6], [1, 3], 2),
        .. Three([2, 4], [], [3, 2], 2),
        .. Three([0, 3], [1, 2], [2, 2], 0),
        .. Three([2, 3], [0, 2], [0, 2], 0),
        .. Three([40, 3], [0, 2], [2, 2], 0),
        .. Three([2, 70], [19, 20, 22, 27, 28], [2, 5], 0),
        .. Three([2, 70], [3, 66], [2, 3], 1),
        .. Three([2, 5200], [.. Enumerable.Range(0, 2600).Select(k => 2 * k + k % 2)], [11, 2700], 60).Select(r => r with { Differentiable = false }),
    ];

    private static IEnumerable<OpRow> Three(Shape x, int[] neurons, Shape v, long first)
    {
        string note = $"{x}, {neurons.Length} neurons to columns {first}… of {v}";
        HostArray positions = new([neurons.Length], [.. neurons.Select(p => (double)p)], DType.Int32);
        HostArray layer = TestData.Spread(x, 91), weights = TestData.Spread(v, 92), outputs = TestData.Spread([x[0], v[0]], 93);
        yield return new OpRow("skip_readout", note, [layer, weights, positions], t => With(t[2], x, s => t[0].SkipReadout(t[1], s, first)),
            a => Loops.SkipReadout(a[0], a[1], a[2], first, null));
        yield return new OpRow("skip_readout", note + " added to", [layer, weights, positions, outputs],
            t => With(t[2], x, s => t[0].SkipReadout(t[1], s, first, t[3])), a => Loops.SkipReadout(a[0], a[1], a[2], first, a[3]));
        yield return new OpRow("skip_readout_input_gradient", note, [outputs, weights, positions],
            t => With(t[2], x, s => t[0].SkipReadoutInputGradient(t[1], s, x, first)),
            a => Loops.SkipReadoutInputGradient(a[0], a[1], a[2], x, first));
        yield return new OpRow("skip_readout_weight_gradient", note, [outputs, layer, positions],
            t => With(t[2], x, s => t[0].SkipReadoutWeightGradient(t[1], s, v, first)),
            a => Loops.SkipReadoutWeightGradient(a[0], a[1], a[2], v, first));
    }

    private static Tensor With(Tensor positions, Shape x, Func<IndexSet, Tensor> run)
    {
        using IndexSet set = IndexSet.From(positions, x.Without(0).ElementCount);
        return run(set);
    }
}
