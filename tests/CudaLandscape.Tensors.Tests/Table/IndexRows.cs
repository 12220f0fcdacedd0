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
}
