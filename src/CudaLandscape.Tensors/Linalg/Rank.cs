using CudaLandscape.Tensors.Ops;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// Numerical rank and extreme singular values of a float64 matrix: Householder QR in place, then everything on R. Small
/// matrices, and those that are not clearly of full rank, get all singular values of R; the others a block inverse
/// Golub-Kahan iteration for σ_min and a Gaussian-probe lower bound (Halko, Martinsson and Tropp, SIAM Review 2011, Lemma 4.1).
/// </summary>
public static class Rank
{
    private const double Epsilon = 1.0 / (1L << 52);
    private const long SmallSize = 2000;
    private const int Probes = 10, Power = 4;

    /// <summary>The rank of F, which stays as it is.</summary>
    /// <exception cref="ArgumentException">F is no matrix or has no elements.</exception>
    /// <exception cref="ArithmeticException">F has an entry that is NaN or infinite.</exception>
    public static RankResult Of(Tensor f, ulong seed = 1)
    {
        using TensorScope scope = new();
        return OfInPlace(ShortSideFirst.Of(f), f.Shape[0], f.Shape[1], seed);
    }

    /// <summary>The rank of F[rows, columns] in the layout of <see cref="ShortSideFirst"/>; the matrix is destroyed.</summary>
    /// <param name="matrix">The matrix, released early by this method when possible.</param>
    /// <param name="rows">Rows of F.</param>
    /// <param name="columns">Columns of F.</param>
    /// <param name="seed">Seed of random starts and probes.</param>
    /// <param name="progress">Told the name of each phase as it begins.</param>
    /// <exception cref="ArgumentException">Sizes or type do not fit.</exception>
    /// <exception cref="ArithmeticException">F has an entry that is NaN or infinite.</exception>
    public static RankResult OfInPlace(Tensor matrix, long rows, long columns, ulong seed = 1, Action<string>? progress = null)
    {
        if (matrix.DType != DType.Float64 || matrix.ElementCount != rows * columns || matrix.Shape[0] > matrix.Shape[1])
            throw new ArgumentException($"rank: expects a Float64 matrix with its short side first for {rows} x {columns}, got {matrix}.");
        using TensorScope scope = new();
        if (ScaleToUnit(matrix) is not { } exponent) return Zero(rows, columns, seed);
        progress?.Invoke($"QR of {matrix.Shape[1]} x {matrix.Shape[0]}");
        Tensor r = Factorizations.R(matrix);
        matrix.Dispose();
        RankResult result = (r.Shape[0] > SmallSize ? TryFullRank(r, rows, columns, seed, progress) : null)
            ?? BySingularValues(r, rows, columns, seed, progress);
        return Rescale(result, exponent);
    }

    // Divides the matrix by 2^exponent, so that its largest entry is in [1/2, 1), and returns the exponent; null for zeros.
    // In two steps, since the factor itself may be out of range. Exact, but for entries below 2^-1074 of the largest.
    private static int? ScaleToUnit(Tensor matrix)
    {
        double largest = matrix.MaxAbs().Item();
        if (!double.IsFinite(largest))
            throw new ArithmeticException($"rank: the matrix {matrix.Shape} has entries that are NaN or infinite.");
        if (largest == 0) return null;
        int exponent = Math.ILogB(largest) + 1;
        Multiply(matrix, Math.ScaleB(1, -exponent / 2));
        Multiply(matrix, Math.ScaleB(1, -exponent - (-exponent / 2)));
        return exponent;
    }

    private static void Multiply(Tensor matrix, double factor)
    {
        long count = matrix.ElementCount;
        if (factor != 1)
            matrix.Device.Launch("elementwise_scale_shift", DType.Float64, count, count, matrix, matrix, factor, 0.0);
    }

    private static RankResult? TryFullRank(Tensor r, long rows, long columns, ulong seed, Action<string>? progress)
    {
        progress?.Invoke("largest singular value");
        BlockGolubKahan.Outcome largest = BlockGolubKahan.Largest(new TriangularOperator(r, inverse: false), 1e-10, new RandomStream(seed, 100));
        (double eta, double threshold) = Bounds(largest.Value, rows, columns);
        if (!largest.Converged || SmallestDiagonal(r) < 1e-3 * Epsilon * largest.Value) return null;
        progress?.Invoke("smallest singular value");
        if (Smallest(r, seed) is not { Converged: true } smallest) return null;
        double sigmaMin = 1 / smallest.Value, low = LowerBound(r, seed) - eta;
        if (sigmaMin <= 2 * (threshold + eta) || low <= threshold || low < 0.5 * sigmaMin - eta) return null;
        long full = Math.Min(rows, columns);
        return new RankResult
        {
            Rows = rows, Columns = columns, Rank = full, RankLow = full, RankHigh = full, SigmaMax = largest.Value, SigmaMin = sigmaMin,
            Threshold = threshold, Eta = eta, Method = RankMethod.InverseGolubKahan, LowerBound = low,
            Steps = largest.Steps + smallest.Steps, Seed = seed,
        };
    }

    private static BlockGolubKahan.Outcome? Smallest(Tensor r, ulong seed)
    {
        try
        {
            return BlockGolubKahan.Largest(new TriangularOperator(r, inverse: true), 1e-8, new RandomStream(seed, 200));
        }
        catch (ArithmeticException)
        {
            return null; // R is singular to working precision: the singular values decide
        }
    }

    // σ_min ≥ 1 / (10 √(2/π) max_i ‖R⁻¹ (R⁻ᵀ R⁻¹)⁴ w_i‖)^(1/9) with probability 1 - 10^-10 over 10 Gaussian w_i.
    private static double LowerBound(Tensor r, ulong seed)
    {
        using TensorScope scope = new();
        TriangularOperator inverse = new(r, inverse: true);
        Tensor probes = inverse.Apply(RandomTensor.Normal(r.Device, [Probes, r.Shape[0]], DType.Float64, new RandomStream(seed, 300)));
        for (int i = 0; i < Power; i++) probes = inverse.Apply(inverse.ApplyTransposed(probes));
        double largest = 0;
        for (long i = 0; i < Probes; i++)
        {
            Tensor row = probes.Slab(i * r.Shape[0], [r.Shape[0]], "probe");
            largest = Math.Max(largest, r.Device.Blas.Nrm2(r.Shape[0], row.Address, 1, Interop.ScalarType.Float64));
        }

        return Math.Pow(10 * Math.Sqrt(2 / Math.PI) * largest, -1.0 / (2 * Power + 1));
    }

    private static double SmallestDiagonal(Tensor r)
    {
        using TensorScope scope = new();
        long n = r.Shape[0];
        Tensor diagonal = Tensor.Empty(r.Device, [n], DType.Float64, "diagonal of R");
        r.Device.Launch("layout_diagonal", DType.Float64, n, n, r, n, diagonal);
        return diagonal.ToArray<double>().Min(Math.Abs);
    }

    private static RankResult BySingularValues(Tensor r, long rows, long columns, ulong seed, Action<string>? progress)
    {
        progress?.Invoke("all singular values of R");
        double[] sigma = Factorizations.SingularValues(r);
        (double eta, double threshold) = Bounds(sigma[0], rows, columns);
        return new RankResult
        {
            Rows = rows, Columns = columns, SigmaMax = sigma[0], SigmaMin = sigma[^1], Threshold = threshold, Eta = eta,
            Rank = sigma.LongCount(s => s > threshold), RankLow = sigma.LongCount(s => s > threshold + eta),
            RankHigh = sigma.LongCount(s => s > threshold - eta), Method = RankMethod.SingularValuesOfR, Seed = seed,
        };
    }

    private static (double Eta, double Threshold) Bounds(double sigmaMax, long rows, long columns) =>
        (10 * Epsilon * sigmaMax, 0.5 * Math.Sqrt(rows + columns + 1.0) * sigmaMax * Epsilon);

    private static RankResult Zero(long rows, long columns, ulong seed) => new()
    {
        Rows = rows, Columns = columns, Rank = 0, RankLow = 0, RankHigh = 0, SigmaMax = 0, SigmaMin = 0, Threshold = 0, Eta = 0,
        Method = RankMethod.ZeroMatrix, Seed = seed,
    };

    private static RankResult Rescale(RankResult r, int exponent) => r with
    {
        SigmaMax = Math.ScaleB(r.SigmaMax, exponent), SigmaMin = Math.ScaleB(r.SigmaMin, exponent),
        Threshold = Math.ScaleB(r.Threshold, exponent), Eta = Math.ScaleB(r.Eta, exponent),
        LowerBound = r.LowerBound is { } bound ? Math.ScaleB(bound, exponent) : null,
    };
}
