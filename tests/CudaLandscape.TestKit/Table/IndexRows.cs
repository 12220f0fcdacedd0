using CudaLandscape.Tensors;

namespace CudaLandscape.TestKit.Table;

/// <summary>Arg-max, counts and one-hot rows.</summary>
internal static class IndexRows
{
    public static IEnumerable<OpRow> All =>
    [
        .. new Shape[] { [4, 5], [2, 3, 7], [1, 1], [6] }.Select(shape => new OpRow("argmax", $"{shape}", [TestData.Spread(shape, 41)],
            x => x[0].ArgMax(), x => Loops.ArgMax(x[0], -1)) { Differentiable = false, FollowsType = false }),
        .. new (Shape Shape, int Axis)[] { ([4, 5], 0), ([2, 3, 7], 1), ([2, 3, 7], -3), ([3, 1, 2], 1), ([0, 3], 1), ([2, 300], 1), ([300, 2], 0) }
            .SelectMany(c => AlongAxis(c.Shape, c.Axis)),
        .. new long[] { 7, 5000, 0 }.Select(n => new OpRow("count_different", $"[{n}]",
            [TestData.Indices([n], 3, 42), TestData.Indices([n], 3, 43)], x => x[0].CountDifferent(x[1]),
            x => new HostArray([], [x[0].Values.Zip(x[1].Values, (a, b) => a == b ? 0.0 : 1).Sum()], DType.Int32))
            { Differentiable = false, FollowsType = false }),
        new("one_hot", "[5] of 4", [TestData.Indices([5], 4, 44)], x => x[0].OneHot(4, DType.Float32), x => OneHot(x[0], 4))
            { Differentiable = false, FollowsType = false },
        .. new (Shape Shape, int Length, int Cursor, int Count)[] { ([6, 3], 9, 2, 4), ([5], 5, 3, 5), ([4, 2, 3], 7, 0, 1), ([3, 0], 4, 1, 2) }
            .Select(c => new OpRow("batch_rows", $"{c.Shape} order of {c.Length} from {c.Cursor}, {c.Count} rows",
                [TestData.Spread(c.Shape, 49), TestData.Indices([c.Length], (int)c.Shape[0], 50), new HostArray([1], [c.Cursor], DType.Int32)],
                x => x[0].BatchRows(x[1], x[2], c.Count),
                x => Rows(x[0], new HostArray([c.Count], [.. Enumerable.Range(c.Cursor, c.Count).Select(i => x[1].Values[i % c.Length])])))
                { Differentiable = false }),
        .. new[] { DType.UInt8, DType.Int32 }.Select(type => new OpRow("batch_rows", $"{type}",
            [TestData.Indices([5, 2], 256, 45) with { Type = type }, TestData.Indices([4], 5, 46), new HostArray([1], [1], DType.Int32)],
            x => x[0].BatchRows(x[1], x[2], 3), x => Rows(x[0], new HostArray([3], x[1].Values[1..])))
            { Differentiable = false, FollowsType = false }),
    ];

    private static IEnumerable<OpRow> AlongAxis(Shape shape, int axis)
    {
        string note = $"{shape} axis {axis}";
        Shape rest = shape.Without(axis);
        HostArray x = TestData.Spread(shape, 51), indices = TestData.Indices(rest, (int)shape[axis], 52);
        yield return new OpRow("argmax", note, [x], t => t[0].ArgMax(axis), a => Loops.ArgMax(a[0], axis))
            { Differentiable = false, FollowsType = false };
        yield return new OpRow("take_along_axis", note, [x, indices], t => t[0].TakeAlongAxis(t[1], axis),
            a => Loops.TakeAlongAxis(a[0], a[1], axis));
        yield return new OpRow("take_along_axis", $"Max {note}", [x], t => t[0].Max(axis), a => Loops.Max(a[0], axis)) { Step = 1e-3 };
        yield return new OpRow("put_along_axis", note, [TestData.Spread(rest, 53), indices],
            t => new PutAlongAxis(shape, axis).Apply(t[0], t[1]), a => Loops.PutAlongAxis(a[0], a[1], shape, axis));
    }

    private static HostArray OneHot(HostArray labels, int classes)
    {
        HostArray y = HostArray.Zeros([labels.Shape[0], classes]);
        for (int i = 0; i < labels.Values.Length; i++) y[i, (long)labels.Values[i]] = 1;
        return y;
    }

    private static HostArray Rows(HostArray x, HostArray indices)
    {
        int width = (int)(x.Shape.ElementCount / x.Shape[0]);
        double[] values = [.. indices.Values.SelectMany(i => x.Values.Skip((int)i * width).Take(width))];
        return new HostArray(x.Shape.With(0, indices.Shape[0]), values, x.Type);
    }
}
