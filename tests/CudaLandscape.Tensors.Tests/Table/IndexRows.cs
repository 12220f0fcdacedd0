using CudaLandscape.Tensors;

namespace CudaLandscape.Tensors.Tests.Table;

/// <summary>Arg-max, counts and one-hot rows.</summary>
internal static class IndexRows
{
    public static IEnumerable<OpRow> All =>
    [
        .. new Shape[] { [4, 5], [2, 3, 7], [1, 1], [6] }.Select(shape => new OpRow("argmax", $"{shape}", [TestData.Spread(shape, 41)],
            x => x[0].ArgMax(), x => ArgMax(x[0])) { Differentiable = false, FollowsType = false }),
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
    ];

    private static HostArray ArgMax(HostArray x)
    {
        int n = (int)x.Shape[-1];
        double[][] rows = [.. x.Values.Chunk(n)];
        return new HostArray(Shape.Create(x.Shape.Sizes[..^1]), Array.ConvertAll(rows, r => (double)Array.IndexOf(r, r.Max())), DType.Int32);
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
