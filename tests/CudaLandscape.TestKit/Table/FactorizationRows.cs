using CudaLandscape.Tensors;

namespace CudaLandscape.TestKit.Table;

/// <summary>
/// Cholesky, solves, eigenvalues and singular values. Vectors have no sign of their own, so their rows compare
/// Σ (k + 1) v_k v_kᵀ and Σ (k + 1) u_k v_kᵀ.
/// </summary>
internal static class FactorizationRows
{
    public static IEnumerable<OpRow> All =>
    [
        .. new[] { 1, 2, 5, 0 }.Select(Cholesky),
        Cholesky(40) with { Differentiable = false },
        .. Solve(5, 3),
        .. Solve(1, 1),
        .. Solve(4, 0),
        .. Solve(0, 2),
        .. Solve(40, 7).Select(r => r with { Differentiable = false }),
        new("solve", "zeros on the diagonal", [new([3, 3], [0, 2, 1, 1, 0, 0, 0, 1, 0]), TestData.Spread([3, 2], 71)],
            t => t[0].Solve(t[1]), a => DenseLoops.Solve(a[0], a[1], false)),
        .. new[] { 1, 2, 5 }.SelectMany(n => Eigen(n)),
        .. Eigen(30).Select(r => r with { Differentiable = false }),
        new("symmetric_eigenvalues", "[0,0]", [HostArray.Zeros([0, 0])], t => t[0].SymmetricEigenvalues(), _ => HostArray.Zeros([0])),
        new("symmetric_eigenvectors", "[0,0]", [HostArray.Zeros([0, 0])], t => t[0].SymmetricEigenvectors(), a => a[0]),
        .. new Shape[] { [5, 3], [3, 5], [4, 4], [1, 3], [4, 1], [1, 1] }.SelectMany(Singular),
        .. Singular([40, 25]).Select(r => r with { Differentiable = false }),
        new("singular_values", "[0,3]", [HostArray.Zeros([0, 3])], t => t[0].SingularValues(), _ => HostArray.Zeros([0])),
    ];

    private static OpRow Cholesky(int n) => new("cholesky", $"[{n},{n}]", [TestData.Dominant(n, 72)], t => t[0].Cholesky(),
        a => DenseLoops.Cholesky(a[0]));

    private static IEnumerable<OpRow> Solve(int n, int m) => new[] { false, true }.Select(transpose => new OpRow("solve",
        $"[{n},{n}]{(transpose ? "ᵀ" : "")} [{n},{m}]", [TestData.Dominant(n, 73), TestData.Spread([n, m], 74)],
        t => t[0].Solve(t[1], transpose), a => DenseLoops.Solve(a[0], a[1], transpose)));

    private static IEnumerable<OpRow> Eigen(int n)
    {
        HostArray a = TestData.Separated([n, n], 75);
        yield return new OpRow("symmetric_eigenvalues", $"{a.Shape}", [a], t => t[0].SymmetricEigenvalues(),
            x => new HostArray([n], DenseLoops.Eigen(x[0]).Values)) { Float32Tolerance = 64 };
        yield return new OpRow("symmetric_eigenvectors", $"{a.Shape}", [a], t => Expand(t[0].SymmetricEigenvectors(), null),
            x => DenseLoops.Eigen(x[0]) is var (_, v) ? DenseLoops.Expand(v, v, k => k + 1) : x[0]) { Float32Tolerance = 256 };
    }

    private static IEnumerable<OpRow> Singular(Shape shape)
    {
        HostArray a = TestData.Separated(shape, 76);
        yield return new OpRow("singular_values", $"{shape}", [a], t => t[0].SingularValues(),
            x => TallSingular(x[0]) is var (s, _, _) ? new HostArray([s.Length], s) : x[0]) { Float32Tolerance = 64 };
        yield return new OpRow("singular_vectors", $"{shape}", [a],
            t => t[0].SingularVectors() is var (u, v) ? Expand(u, v) : t[0],
            x => TallSingular(x[0]) is var (_, u, v) ? DenseLoops.Expand(u, v, k => k + 1) : x[0]) { Float32Tolerance = 256 };
    }

    private static (double[] Values, double[][] U, double[][] V) TallSingular(HostArray a)
    {
        if (a.Shape[0] >= a.Shape[1]) return DenseLoops.Singular(a);
        (double[] values, double[][] v, double[][] u) = DenseLoops.Singular(IndexLoops.Permute(a, 1, 0));
        return (values, u, v);
    }

    private static Tensor Expand(Tensor u, Tensor? v)
    {
        double[] weights = [.. Enumerable.Range(1, (int)u.Shape[1]).Select(k => (double)k)];
        return (u * Tensor.From<double>(u.Device, [weights.Length], weights).Cast(u.DType)).MatMul(v ?? u, transposeB: true);
    }
}
