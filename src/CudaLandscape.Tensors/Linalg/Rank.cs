using CudaLandscape.Interop;
using CudaLandscape.Tensors.Ops;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// Numerical rank and extreme singular values of a float64 matrix: Householder QR in place, then everything on R. Small matrices get
/// all singular values of R; the others a block inverse Golub-Kahan iteration for σ_min and a Gaussian-probe lower bound (Halko,
/// Martinsson and Tropp, SIAM Review 2011, Lemma 4.1) or, without full rank, the count of a block inverse subspace iteration.
/// </summary>
public static class Rank
{
    // Far from the streams of the iterations and probes.
    private const ulong CheckStream = 400;

    /// <summary>The rank of F, which stays as it is.</summary>
    /// <param name="f">The matrix.</param>
    /// <param name="seed">Seed of random starts and probes.</param>
    /// <param name="threshold">Singular values above it count; null for <see cref="RankAllowance.Threshold"/>.</param>
    /// <exception cref="ArgumentException">F is no matrix or has no elements, or the threshold is not positive and finite.</exception>
    /// <exception cref="ArithmeticException">F has an entry that is NaN or infinite.</exception>
    public static RankResult Of(Tensor f, ulong seed = 1, double? threshold = null)
    {
        using TensorScope scope = new();
        RequireThreshold(threshold);
        using TriangularFactor factor = Factor(ShortSideFirst.Of(f), f.Shape[0], f.Shape[1], seed);
        return Find(factor, seed, threshold: threshold, rows: () => RowsOf(f)).Result;
    }

    private static IEnumerable<Tensor> RowsOf(Tensor f)
    {
        const long most = 256;
        for (long first = 0; first < f.Shape[0]; first += most)
        {
            using TensorScope scope = new();
            yield return f.Slice(0, first, Math.Min(f.Shape[0], first + most)).Cast(DType.Float64);
        }
    }

    /// <summary>The rank of F[rows, columns] in the layout of <see cref="ShortSideFirst"/>; the matrix is destroyed.</summary>
    /// <param name="matrix">The matrix, released by this method.</param>
    /// <param name="rows">Rows of F.</param>
    /// <param name="columns">Columns of F.</param>
    /// <param name="seed">Seed of random starts and probes.</param>
    /// <param name="progress">Told the name of each phase as it begins.</param>
    /// <param name="threshold">Singular values above it count; null for <see cref="RankAllowance.Threshold"/>.</param>
    /// <exception cref="ArgumentException">Sizes or type do not fit, or the threshold is not positive and finite.</exception>
    /// <exception cref="ArithmeticException">F has an entry that is NaN or infinite, which is named; or QR went wrong.</exception>
    public static RankResult OfInPlace(
        Tensor matrix, long rows, long columns, ulong seed = 1, Action<string>? progress = null, double? threshold = null) =>
        FindInPlace(matrix, rows, columns, seed, progress, threshold).Result;

    /// <summary>As <see cref="OfInPlace"/>, with a witness of σ_min.</summary>
    public static RankFinding FindInPlace(
        Tensor matrix, long rows, long columns, ulong seed = 1, Action<string>? progress = null, double? threshold = null)
    {
        RequireThreshold(threshold);
        using TriangularFactor factor = Factor(matrix, rows, columns, seed, progress);
        return Find(factor, seed, progress, threshold);
    }

    /// <summary>The first and costly half of <see cref="FindInPlace"/>: R, which takes the matrix's place.</summary>
    public static TriangularFactor Factor(Tensor matrix, long rows, long columns, ulong seed = 1, Action<string>? progress = null)
    {
        if (matrix.DType != DType.Float64 || matrix.ElementCount != rows * columns || matrix.Shape[0] > matrix.Shape[1])
            throw new ArgumentException($"rank: expects a Float64 matrix with its short side first for {rows} x {columns}, got {matrix}.");
        using TensorScope scope = new();
        using ProfilerRange range = ProfilerRange.IsOn ? new("rank: factorisation") : default;
        if (ScaleToUnit(matrix, rows) is not { } exponent) return new TriangularFactor(matrix, rows, columns, 0, 0, isZero: true);
        QrCheck check = QrCheck.Before(matrix, new RandomStream(seed, CheckStream));
        Tensor? copy = rows + columns < SmallNullSpace.MostSides ? SquareFactorizations.Copy(matrix) : null;
        progress?.Invoke($"QR of {matrix.Shape[1]} x {matrix.Shape[0]}");
        Factorizations.Triangularize(matrix);
        double deviation = check.Deviation(matrix);
        copy?.Scope?.Keep(copy);
        return new TriangularFactor(matrix, rows, columns, exponent, deviation) { SmallOriginal = copy };
    }

    /// <summary>The second half of <see cref="FindInPlace"/>; R is destroyed.</summary>
    /// <param name="factor">What the first half left.</param>
    /// <param name="seed">Seed of random starts and probes.</param>
    /// <param name="progress">Told the name of each phase as it begins.</param>
    /// <param name="threshold">Singular values above it count; null for <see cref="RankAllowance.Threshold"/>.</param>
    /// <param name="rows">
    /// The rows of F in order, Float64 [b, columns], for a σ_min so small that it is taken from F itself; each block is used before the
    /// next is asked for. Null leaves that out.
    /// </param>
    /// <exception cref="ArgumentException">The threshold is not positive and finite.</exception>
    /// <exception cref="ArithmeticException">The QR factorisation went wrong.</exception>
    public static RankFinding Find(
        TriangularFactor factor, ulong seed = 1, Action<string>? progress = null, double? threshold = null, Func<IEnumerable<Tensor>>? rows = null)
    {
        RequireThreshold(threshold);
        RankFinding finding = factor.IsZero ? new RankFinding(Zero(factor.Rows, factor.Columns, seed), null) : FindScaled(factor, seed, progress, threshold, rows);
        return threshold is not { } given ? finding
            : finding with { Result = finding.Result with { Threshold = given, ThresholdIsGiven = true } };
    }

    private static RankFinding FindScaled(
        TriangularFactor factor, ulong seed, Action<string>? progress, double? threshold, Func<IEnumerable<Tensor>>? rows)
    {
        using TensorScope scope = new();
        using ProfilerRange range = ProfilerRange.IsOn ? new("rank: singular values") : default;
        using SpareMemory? spare = factor.Compact();
        double? scaled = threshold is { } given ? Math.ScaleB(given, -factor.Exponent) : null;
        RankProblem problem = new(factor.R, factor.Rows, factor.Columns, seed, progress, scaled) { Exponent = factor.Exponent, Rows = rows };
        RankFinding finding = new RankOfTriangle(problem).Find();
        finding = finding with { Result = finding.Result with { QrDeviation = QrCheck.Require(factor.Deviation, finding.Result.SigmaMax) } };
        if (factor.SmallOriginal is { } small) finding = SmallNullSpace.Narrow(finding, small);
        factor.Dispose();
        return finding with { Result = Rescale(finding.Result, factor.Exponent) };
    }

    private static void RequireThreshold(double? threshold)
    {
        if (threshold is { } given && !(given > 0 && double.IsFinite(given)))
            throw new ArgumentException($"threshold: expects a positive finite number, got {given}; leave it out for ½ √(m + n + 1) σ_max 2⁻⁵².");
    }

    // Divides the matrix by 2^exponent, so that its largest entry is in [1/2, 1), and returns the exponent; null for zeros.
    // In two steps, since the factor itself may be out of range. Exact, but for entries below 2^-1074 of the largest.
    private static int? ScaleToUnit(Tensor matrix, long rows)
    {
        double largest = matrix.MaxAbs().Item();
        if (!double.IsFinite(largest)) throw NonFinite(matrix, rows);
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

    private static ArithmeticException NonFinite(Tensor matrix, long rows)
    {
        for (long i = 0; i < matrix.Shape[0]; i++)
        {
            using TensorScope scope = new();
            double[] line = matrix.Slab(i * matrix.Shape[1], [matrix.Shape[1]], "line").ToArray<double>();
            int j = Array.FindIndex(line, value => !double.IsFinite(value));
            if (j < 0) continue;
            (long row, long column) = matrix.Shape[0] == rows ? (i, (long)j) : (j, i);
            return new ArithmeticException(
                $"rank: the matrix {rows} x {matrix.ElementCount / rows} has entries that are NaN or infinite: entry [{row}, {column}] is {line[j]}. "
                + "Look for what made it before asking for a rank.");
        }

        throw new InvalidOperationException("rank: the largest magnitude is not finite, but every entry is.");
    }

    private static RankResult Zero(long rows, long columns, ulong seed) => new()
    {
        Rows = rows, Columns = columns, Rank = 0, RankLow = 0, RankHigh = 0, SigmaMax = 0, SigmaMin = 0, Threshold = 0, Eta = 0,
        Method = RankMethod.ZeroMatrix, Seed = seed,
    };

    private static RankResult Rescale(RankResult r, int exponent)
    {
        return r with
        {
            SigmaMax = Math.ScaleB(r.SigmaMax, exponent), SigmaMin = Math.ScaleB(r.SigmaMin, exponent),
            Threshold = Math.ScaleB(r.Threshold, exponent), Eta = Math.ScaleB(r.Eta, exponent), LowerBound = Scaled(r.LowerBound),
            UpperBound = Scaled(r.UpperBound), Residual = Scaled(r.Residual), SigmaMaxBound = Scaled(r.SigmaMaxBound),
            NullSpaceNorm = Scaled(r.NullSpaceNorm), LowerBoundOfRank = Scaled(r.LowerBoundOfRank), SigmaOfRank = Scaled(r.SigmaOfRank),
            SigmaAfterRank = Scaled(r.SigmaAfterRank), RefinedSigmaMin = Scaled(r.RefinedSigmaMin), RefinedResidual = Scaled(r.RefinedResidual),
        };

        double? Scaled(double? value) => value is { } number ? Math.ScaleB(number, exponent) : null;
    }
}
