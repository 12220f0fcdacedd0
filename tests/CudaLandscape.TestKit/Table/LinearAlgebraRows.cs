using CudaLandscape.Tensors;

namespace CudaLandscape.TestKit.Table;

/// <summary>Matrix products, transposition and triangular solves.</summary>
internal static class LinearAlgebraRows
{
    public static IEnumerable<OpRow> All =>
    [
        .. AllTransposes([4, 3], [3, 5]),
        .. AllTransposes([1, 1], [1, 1]),
        .. AllTransposes([2, 4, 3], [2, 3, 5]),
        .. AllTransposes([4, 3], [2, 3, 5]),
        .. AllTransposes([2, 4, 3], [3, 5]),
        new("matmul", "inner size 0", [HostArray.Zeros([2, 0]), HostArray.Zeros([0, 3])], x => x[0].MatMul(x[1]),
            _ => HostArray.Zeros([2, 3])),
        new("matmul", "no rows", [HostArray.Zeros([0, 4]), TestData.Spread([4, 3], 21)], x => x[0].MatMul(x[1]),
            _ => HostArray.Zeros([0, 3])),
        new("matmul", "larger than a tile", [TestData.Spread([130, 70], 22), TestData.Spread([70, 260], 23)], x => x[0].MatMul(x[1]),
            x => Loops.MatMul(x[0], x[1], false, false)) { Differentiable = false },
        .. new Shape[] { [3, 5], [1, 7], [40, 33], [0, 3] }.Select(shape =>
            new OpRow("transpose", $"{shape}", [TestData.Spread(shape, 24)], x => x[0].Transpose(), x => Transposed(x[0]))),
        .. Flags((upper, _) => new OpRow("triangle", upper ? "upper" : "lower", [TestData.Spread([4, 4], 25)], x => x[0].Triangle(upper),
            x => Masked(x[0], upper))).DistinctBy(r => r.Case),
        .. Flags((upper, transpose) => new OpRow("triangular_solve", $"{(upper ? "upper" : "lower")}{(transpose ? " transposed" : "")}",
            [TestData.Dominant(5, 26), TestData.Spread([5, 3], 27)], x => x[0].SolveTriangular(x[1], upper, transpose),
            x => Loops.SolveTriangular(x[0], x[1], upper, transpose))),
    ];

    private static IEnumerable<OpRow> AllTransposes(Shape a, Shape b) => Flags((ta, tb) =>
    {
        (Shape sa, Shape sb) = (ta ? Swapped(a) : a, tb ? Swapped(b) : b);
        return new OpRow("matmul", $"{sa}{(ta ? "ᵀ" : "")} {sb}{(tb ? "ᵀ" : "")}", [TestData.Spread(sa, 28), TestData.Spread(sb, 29)],
            x => x[0].MatMul(x[1], ta, tb), x => Loops.MatMul(x[0], x[1], ta, tb));
    }).DistinctBy(r => r.Case);

    private static IEnumerable<OpRow> Flags(Func<bool, bool, OpRow> row) =>
        [row(false, false), row(false, true), row(true, false), row(true, true)];

    private static Shape Swapped(Shape s) => s.With(-1, s[-2]).With(-2, s[-1]);

    private static HostArray Transposed(HostArray x)
    {
        HostArray y = HostArray.Zeros([x.Shape[1], x.Shape[0]]);
        for (long r = 0; r < x.Shape[0]; r++)
        {
            for (long c = 0; c < x.Shape[1]; c++) y[c, r] = x[r, c];
        }

        return y;
    }

    private static HostArray Masked(HostArray x, bool upper)
    {
        HostArray y = HostArray.Zeros(x.Shape);
        for (long r = 0; r < x.Shape[0]; r++)
        {
            for (long c = 0; c < x.Shape[1]; c++) y[r, c] = (upper ? c >= r : c <= r) ? x[r, c] : 0;
        }

        return y;
    }
}
