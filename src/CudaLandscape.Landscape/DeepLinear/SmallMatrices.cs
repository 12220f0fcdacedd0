using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.DeepLinear;

/// <summary>Matrix algebra that the theory of deep linear networks is written in, for small Float64 matrices on a device.</summary>
public static class SmallMatrices
{
    /// <summary>A singular value below this fraction of the largest one (and of 1) counts as zero.</summary>
    public const double RankTolerance = 1e-9;

    /// <summary>Number of singular values above the tolerance.</summary>
    public static int Rank(Tensor a)
    {
        using TensorScope scope = new();
        double[] values = a.SingularValues().ToArray<double>();
        return values.Count(value => value > Threshold(values));
    }

    /// <summary>A⁺[n,m], the pseudo-inverse of A[m,n].</summary>
    public static Tensor PseudoInverse(Tensor a)
    {
        using TensorScope scope = new();
        double[] values = a.SingularValues().ToArray<double>();
        double[] inverse = Array.ConvertAll(values, value => value > Threshold(values) ? 1 / value : 0);
        (Tensor u, Tensor v) = a.SingularVectors();
        return scope.Return((v * Tensor.From<double>(a.Device, [1, inverse.Length], inverse)).MatMul(u, transposeB: true));
    }

    /// <summary>A (AᵀA)⁻ Aᵀ, the orthogonal projection on the range of A.</summary>
    public static Tensor RangeProjection(Tensor a)
    {
        using TensorScope scope = new();
        return scope.Return(a.MatMul(PseudoInverse(a)));
    }

    /// <summary>I - A⁺A, the orthogonal projection on the null space of A.</summary>
    public static Tensor NullProjection(Tensor a)
    {
        using TensorScope scope = new();
        return scope.Return(Identity(a.Device, a.Shape[1]) - PseudoInverse(a).MatMul(a));
    }

    /// <summary>(A ⊗ B)[mp,nq] of A[m,n] and B[p,q].</summary>
    public static Tensor Kronecker(Tensor a, Tensor b)
    {
        (long m, long n, long p, long q) = (a.Shape[0], a.Shape[1], b.Shape[0], b.Shape[1]);
        using TensorScope scope = new();
        return scope.Return((a.Reshape([m, 1, n, 1]) * b.Reshape([1, p, 1, q])).Reshape([m * p, n * q]));
    }

    /// <summary>I[n,n].</summary>
    public static Tensor Identity(Device device, long n)
    {
        double[] values = new double[n * n];
        for (long i = 0; i < n; i++) values[i * n + i] = 1;
        return Tensor.From<double>(device, [n, n], values, "identity");
    }

    /// <summary>‖A‖_F.</summary>
    public static double Norm(Tensor a)
    {
        using TensorScope scope = new();
        return Math.Sqrt((a * a).Sum().Item());
    }

    internal static Tensor ReverseColumns(Tensor a)
    {
        using TensorScope scope = new();
        Tensor[] columns = [.. Enumerable.Range(1, (int)a.Shape[1]).Select(i => a.Slice(1, a.Shape[1] - i, a.Shape[1] - i + 1))];
        return scope.Return(columns.Concat(1));
    }

    private static double Threshold(double[] values) => RankTolerance * Math.Max(values[0], 1);
}
