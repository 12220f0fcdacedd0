using CudaLandscape.Interop;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;
using CudaLandscape.Tensors.Ops;

namespace CudaLandscape.Landscape.Tests.Linalg.Mutants;

/// <summary>
/// Ways to a rank: the two right ones, and wrong ones that someone has taken somewhere, kept to show that the tests tell them apart. A
/// matrix is a tensor [rows, columns].
/// </summary>
internal static class RankRoutes
{
    private const double Epsilon = 1.0 / (1L << 52);

    /// <summary>By name, in the order of the table.</summary>
    public static readonly (string Name, Func<Tensor, RankAnswer> Rank)[] All =
    [
        ("right", f => RankAnswer.Of(MatrixRank.Of(f))),
        ("right, by iteration", ScaledByIteration),
        ("Gram", Gram),
        ("float32 SVD", Single),
        ("pivoted QR", PivotedQr),
        ("NumPy's tolerance", f => RankAnswer.Count(Sigma(f), Math.Max(f.Shape[0], f.Shape[1]) * Epsilon * Sigma(f)[0])),
        ("ε of float32", f => RankAnswer.Count(Sigma(f), Press(f, Sigma(f)[0]) * (1L << 29))),
        ("Frobenius norm as σ_max", FrobeniusNorm),
        ("reflections left in R", f => Triangle(f, clear: false)),
        ("never transposed", f => Triangle(Leading(f), clear: true)),
        ("three power steps", f => SmallestOnly(f, PowerSteps)),
        ("σ_min only", f => SmallestOnly(f, sigma => Sigma(sigma)[^1])),
        ("not regularised", NotRegularised),
    ];

    /// <summary>As large matrices are treated, whatever the size; of a matrix whose largest entry is of magnitude 1.</summary>
    public static RankResult ByIteration(Tensor f, ulong seed = 1)
    {
        using TensorScope scope = new();
        RankFinding finding = new RankOfTriangle(Problem(ShortSideFirst.Of(f), f.Shape[0], f.Shape[1], seed), smallSize: 0).Find();
        return SmallNullSpace.Narrow(finding, ShortSideFirst.Of(f)).Result;
    }

    /// <summary>All singular values by LAPACK in descending order.</summary>
    public static double[] Sigma(Tensor f)
    {
        using TensorScope scope = new();
        return f.SingularValues().ToArray<double>();
    }

    private static RankAnswer ScaledByIteration(Tensor f)
    {
        int exponent = Math.ILogB(f.MaxAbs().Item()) + 1;
        RankAnswer answer = RankAnswer.Of(ByIteration(f.Scale(Math.ScaleB(1, -exponent))));
        return answer with { SigmaMax = Math.ScaleB(answer.SigmaMax, exponent), SigmaMin = Math.ScaleB(answer.SigmaMin, exponent) };
    }

    private static RankProblem Problem(Tensor matrix, long rows, long columns, ulong seed)
    {
        Factorizations.Triangularize(matrix);
        return new RankProblem(matrix, rows, columns, seed, null);
    }

    private static double Press(Tensor f, double sigmaMax) => RankAllowance.Threshold(f.Shape[0], f.Shape[1], sigmaMax);

    private static RankAnswer Gram(Tensor f)
    {
        Tensor gram = f.Shape[0] < f.Shape[1] ? f.MatMul(f, transposeB: true) : f.MatMul(f, transposeA: true);
        double[] sigma = [.. gram.SymmetricEigenvalues().ToArray<double>().Reverse().Select(x => Math.Sqrt(Math.Max(0, x)))];
        return RankAnswer.Count(sigma, Press(f, sigma[0]));
    }

    private static RankAnswer Single(Tensor f)
    {
        double[] sigma = Array.ConvertAll(f.Cast(DType.Float32).SingularValues().ToArray<float>(), x => (double)x);
        return RankAnswer.Count(sigma, Press(f, sigma[0]));
    }

    private static RankAnswer FrobeniusNorm(Tensor f)
    {
        double[] sigma = Sigma(f);
        double norm = Math.Sqrt(sigma.Sum(s => s * s));
        return RankAnswer.Count(sigma, Press(f, norm)) with { SigmaMax = norm };
    }

    // The leading square of what geqrf leaves, with or without what is below the diagonal.
    private static RankAnswer Triangle(Tensor f, bool clear)
    {
        Tensor matrix = ShortSideFirst.Of(f);
        (long k, long m) = (matrix.Shape[0], matrix.Shape[1]);
        Factorizations.Geqrf(matrix.Device, matrix.Address, m, k, m);
        Tensor square = matrix.Slice(1, 0, k);
        double[] sigma = Sigma(clear ? square.Triangle(upper: false) : square);
        return RankAnswer.Count(sigma, Press(f, sigma[0]));
    }

    // What QR of a wide matrix leaves in its first square: R of the first columns.
    private static Tensor Leading(Tensor f) => f.Shape[0] < f.Shape[1] ? f.Slice(1, 0, f.Shape[0]) : f;

    private static RankAnswer SmallestOnly(Tensor f, Func<Tensor, double> smallest)
    {
        long full = Math.Min(f.Shape[0], f.Shape[1]);
        double sigmaMax = Sigma(f)[0], sigmaMin = smallest(f);
        return new RankAnswer(sigmaMin > Press(f, sigmaMax) ? full : full - 1, sigmaMax, sigmaMin);
    }

    private static double PowerSteps(Tensor f)
    {
        TriangularOperator inverse = (TriangularOperator)Problem(ShortSideFirst.Of(f), f.Shape[0], f.Shape[1], 1).Inverse;
        double[] v = Vectors.Unit([.. Enumerable.Range(0, (int)inverse.Size).Select(i => Math.Cos(i * i + 1.0))]);
        double sigma = 0;
        for (int step = 0; step < 3; step++)
        {
            double[] left = inverse.ApplyTransposed(Tensor.From<double>(f.Device, [1, v.Length], v)).ToArray<double>();
            double[] right = inverse.Apply(Tensor.From<double>(f.Device, [1, v.Length], left)).ToArray<double>();
            sigma = 1 / Math.Sqrt(Vectors.Norm(right));
            v = Vectors.Unit(right);
        }

        return sigma;
    }

    private static RankAnswer NotRegularised(Tensor f)
    {
        RankProblem problem = Problem(ShortSideFirst.Of(f), f.Shape[0], f.Shape[1], 1);
        BlockGolubKahan.Outcome largest = BlockGolubKahan.Largest(problem.Forward, problem.Vectors, 1e-10, problem.Stream(100));
        RankFinding? finding = new DeficientRank(problem).Find(largest);
        return RankAnswer.Of((finding ?? new AllSingularValues(problem).Find()).Result);
    }

    // |r_ii| of QR with the longest remaining column first, by modified Gram-Schmidt done twice.
    private static RankAnswer PivotedQr(Tensor f)
    {
        double[][] columns = [.. ShortSideFirst.Of(f).ToArray<double>().Chunk((int)Math.Max(f.Shape[0], f.Shape[1]))];
        double[] diagonal = new double[columns.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            int longest = Enumerable.Range(i, columns.Length - i).MaxBy(j => Vectors.Norm(columns[j]));
            (columns[i], columns[longest]) = (columns[longest], columns[i]);
            diagonal[i] = Vectors.Norm(columns[i]);
            if (diagonal[i] == 0) break;
            double[] q = Vectors.Unit(columns[i]);
            for (int j = i + 1; j < columns.Length; j++)
            {
                for (int pass = 0; pass < 2; pass++) columns[j] = Vectors.Combine(columns[j], -Dot(q, columns[j]), q);
            }
        }

        return RankAnswer.Count(diagonal, Press(f, Sigma(f)[0])) with { SigmaMax = Sigma(f)[0] };
    }

    private static double Dot(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum();
}
