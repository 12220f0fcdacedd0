using CudaLandscape.Tensors;

namespace CudaLandscape.TestKit.Table;

/// <summary>Permutations of axes, slices, padding and concatenation.</summary>
internal static class LayoutRows
{
    public static IEnumerable<OpRow> All =>
    [
        Permute([2, 3, 4], 2, 0, 1),
        Permute([2, 3, 4], 0, 2, 1),
        Permute([5, 7], 1, 0),
        Permute([2, 3, 4], 0, 1, 2),
        Permute([2, 1, 3, 1, 2, 3], 5, 3, 1, 4, 2, 0),
        Permute([0, 3, 2], 1, 2, 0),
        Permute([]),
        Permute([33, 3, 40], 2, 1, 0) with { Differentiable = false },
        .. Typed("permute", [4, 3, 2], t => t.Permute(1, 2, 0), a => IndexLoops.Permute(a, 1, 2, 0)),
        Slice([5, 7], [1, 0], [4, 7], [2, 3]),
        Slice([3, 4, 5], [0, 1, 2], [3, 3, 3], [1, 1, 1]),
        Slice([2, 3, 2, 2, 3, 2, 3], [0, 1, 0, 1, 0, 0, 1], [2, 3, 2, 2, 3, 1, 3], [1, 1, 1, 1, 2, 1, 1]),
        Slice([5, 3], [2, 0], [2, 3], [1, 1]),
        Slice([0, 3], [0, 1], [0, 3], [1, 2]),
        Slice([100, 90], [3, 5], [97, 85], [1, 1]) with { Differentiable = false },
        Slice([], [], [], []),
        new("slice", "axis -1 of [3,7]", [TestData.Spread([3, 7], 61)], t => t[0].Slice(-1, 1, 6, 2),
            a => IndexLoops.Slice(a[0], [0, 1], [3, 6], [1, 2])),
        .. Typed("slice", [5, 4], t => t.Slice([1, 0], [4, 4], [2, 1]), a => IndexLoops.Slice(a, [1, 0], [4, 4], [2, 1])),
        Pad([3, 4], [1, 0], [2, 3]),
        Pad([2, 3, 2], [0, 0, 0], [0, 0, 0]),
        Pad([0, 2], [1, 1], [0, 1]),
        Pad([4], [0], [3]),
        Pad([2, 2, 1, 3], [0, 1, 1, 0], [0, 1, 0, 2]),
        new("pad", "axis 0 of [2,3]", [TestData.Spread([2, 3], 62)], t => t[0].Pad(0, 1, 2), a => IndexLoops.Pad(a[0], [5, 3], [1, 0], [1, 1])),
        .. Typed("pad", [2, 3], t => t.Pad([1, 0], [0, 2]), a => IndexLoops.Pad(a, [3, 5], [1, 0], [1, 1])),
        Concat(0, [2, 3], [1, 3], [4, 3]),
        Concat(1, [2, 3], [2, 1]),
        Concat(-1, [2, 2, 3], [2, 2, 0], [2, 2, 2]),
        Concat(0, [5]),
        Concat(1, [0, 2], [0, 3]),
        new("concat", "a tensor with itself", [TestData.Spread([2, 3], 63)], t => new[] { t[0], t[0] }.Concat(1),
            a => IndexLoops.Concat(1, a[0], a[0])),
        WriteChannels([2, 5], [2, 2], 1),
        WriteChannels([3, 4, 2, 3], [3, 1, 2, 3], 3),
        WriteChannels([1, 3, 2], [1, 3, 2], 0),
        WriteChannels([2, 3, 1, 2], [2, 0, 1, 2], 2),
        WriteChannels([0, 3, 2], [0, 2, 2], 1),
        .. Typed("concat", [2, 3], t => new[] { t, t }.Concat(0), a => IndexLoops.Concat(0, a, a)),
    ];

    private static OpRow WriteChannels(Shape x, Shape part, long first) =>
        new("write_channels", $"{part} to channel {first} of {x}", [TestData.Spread(x, 64), TestData.Spread(part, 65)],
            t => t[0].WriteChannels(t[1], first), a => IndexLoops.WriteChannels(a[0], a[1], first));

    private static OpRow Permute(Shape shape, params int[] axes) =>
        // A float matrix goes through the op named transpose, and an order that stays through reshape.
        new("permute", $"{shape} axes {string.Join(",", axes)}", [TestData.Spread(shape, 64)], t => t[0].Permute(axes),
            a => IndexLoops.Permute(a[0], axes));

    private static OpRow Slice(Shape shape, long[] begin, long[] end, long[] step) => new("slice",
        $"{shape} from {string.Join(",", begin)} to {string.Join(",", end)} step {string.Join(",", step)}", [TestData.Spread(shape, 65)],
        t => t[0].Slice(begin, end, step), a => IndexLoops.Slice(a[0], begin, end, step));

    private static OpRow Pad(Shape shape, long[] before, long[] after)
    {
        Shape target = Shape.Create([.. shape.Select((size, a) => before[a] + size + after[a])]);
        return new OpRow("pad", $"{shape} to {target} from {string.Join(",", before)}", [TestData.Spread(shape, 66)],
            t => t[0].Pad(before, after), a => IndexLoops.Pad(a[0], target, before, [.. before.Select(_ => 1L)]));
    }

    private static OpRow Concat(int axis, params Shape[] shapes) => new("concat", $"{string.Join(" ", shapes)} axis {axis}",
        [.. shapes.Select((shape, i) => TestData.Spread(shape, 67 + i))], t => t.Concat(axis),
        a => IndexLoops.Concat(a[0].Shape.ResolveAxis(axis), a));

    // What only moves elements takes every type.
    private static IEnumerable<OpRow> Typed(string op, Shape shape, Func<Tensor, Tensor> run, Func<HostArray, HostArray> reference) =>
        new[] { DType.UInt8, DType.Int32 }.Select(type => new OpRow(op, $"{type} {shape}",
            [TestData.Indices(shape, 256, 60) with { Type = type }], t => run(t[0]), a => reference(a[0]))
            { Differentiable = false, FollowsType = false });
}
