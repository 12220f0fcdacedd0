using CudaLandscape.Tensors;

namespace CudaLandscape.TestKit.Table;

/// <summary>Elements by index, their adjoint with repeated indices, and convolution over arbitrary patches.</summary>
internal static class GatherScatterRows
{
    public static IEnumerable<OpRow> All =>
    [
        .. Both([3, 5], 1, [4]),
        .. Both([3, 5], 1, [9]),
        .. Both([1, 300], 1, [700]),
        .. Both([6, 3], 0, [7]),
        .. Both([4, 2, 3], 1, [2, 3]),
        .. Both([2, 1], 1, [5]),
        .. Both([0, 3], 1, [2]),
        .. Both([3, 4], 1, [0]),
        .. Both([5], 0, [2, 2, 3]),
        .. Both([70, 900], 1, [2000]).Select(r => r with { Differentiable = false }),
        .. Both([900, 70], 0, [2000]).Select(r => r with { Differentiable = false }),
        new("gather", "all from one", [TestData.Spread([3, 4], 51), Ints(2, 2, 2, 2, 2)], t => t[0].Gather(t[1]),
            a => IndexLoops.Gather(a[0], a[1], 1)),
        new("gather", "rows of [6,3]", [TestData.Spread([6, 3], 52), Ints(5, 0, 5)], t => t[0].GatherRows(t[1]),
            a => IndexLoops.Gather(a[0], a[1], 0)),
        .. new[] { DType.UInt8, DType.Int32 }.Select(type => new OpRow("gather", $"{type}",
            [TestData.Indices([6, 3], 256, 47) with { Type = type }, Ints(5, 0, 5, 1)],
            t => t[0].GatherRows(t[1]), a => IndexLoops.Gather(a[0], a[1], 0)) { Differentiable = false, FollowsType = false }),
        new("scatter_add", "of nothing", [HostArray.Zeros([2, 0]), Ints()], t => t[0].ScatterAdd(t[1], 3), _ => HostArray.Zeros([2, 3])),
        .. Patches([4, 6], [[0, 1, 2], [2, 3, 4], [3, 4, 5]], 2),
        .. Patches([3, 5], [[4, 0], [1, 1]], 3),
        .. Patches([2, 4], [[0, 1, 2, 3]], 1),
        .. Patches([0, 4], [[0, 3], [1, 2]], 2),
        .. Patches([2, 3], [[1], [2], [0], [1]], 2),
    ];

    private static IEnumerable<OpRow> Both(Shape x, int axis, Shape of)
    {
        HostArray indices = TestData.Indices(of, (int)Math.Max(1, x[axis]), 53);
        Shape gathered = IndexLoops.Gather(TestData.Spread(x, 54), indices, axis).Shape;
        yield return new OpRow("gather", $"{x} axis {axis} by {of}", [TestData.Spread(x, 54), indices], t => t[0].Gather(t[1], axis),
            a => IndexLoops.Gather(a[0], a[1], axis));
        yield return new OpRow("scatter_add", $"{gathered} axis {axis} by {of}", [TestData.Spread(gathered, 55), indices],
            t => t[0].ScatterAdd(t[1], x[axis], axis + of.Rank - 1), a => IndexLoops.ScatterAdd(a[0], a[1], axis, x[axis]));
    }

    private static IEnumerable<OpRow> Patches(Shape x, int[][] patches, int filters)
    {
        HostArray indices = new([patches.Length, patches[0].Length], [.. patches.SelectMany(p => p).Select(i => (double)i)], DType.Int32);
        HostArray[] inputs = [TestData.Spread(x, 56), indices, TestData.Spread([filters, patches[0].Length], 57)];
        string note = $"PatchConvolution {x} by {indices.Shape} to {filters}";
        yield return new OpRow("gather", note, inputs, t => t[0].PatchConvolution(t[1], t[2]),
            a => IndexLoops.PatchConvolution(a[0], a[1], a[2], null));
        yield return new OpRow("gather", note + " with bias", [.. inputs, TestData.Spread([patches.Length * filters], 58)],
            t => t[0].PatchConvolution(t[1], t[2], t[3]), a => IndexLoops.PatchConvolution(a[0], a[1], a[2], a[3]));
    }

    private static HostArray Ints(params double[] values) => new([values.Length], values, DType.Int32);
}
