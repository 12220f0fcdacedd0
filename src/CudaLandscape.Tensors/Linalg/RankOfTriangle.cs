using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// The rank of the R that <see cref="Factorizations.Triangularize"/> made of F[rows, columns], scaled to entries of magnitude 1.
/// A large R that is clearly of full rank by iterations and a probabilistic bound; any other by all its singular values.
/// </summary>
internal sealed class RankOfTriangle(Tensor r, long rows, long columns, ulong seed, Action<string>? progress)
{
    private const double Epsilon = 1.0 / (1L << 52);
    private const long SmallSize = 2000;
    private readonly double[] _diagonal = DiagonalOf(r);

    /// <summary>Finds it; R is destroyed.</summary>
    public RankFinding Find() => (r.Shape[0] > SmallSize ? TryFullRank() : null) ?? BySingularValues();

    private RankFinding? TryFullRank()
    {
        TriangularOperator forward = new(r, inverse: false);
        progress?.Invoke("largest singular value");
        BlockGolubKahan.Outcome largest = BlockGolubKahan.Largest(forward, 1e-10, new RandomStream(seed, 100));
        (double eta, double threshold) = Bounds(largest.Value);
        if (!largest.Converged || _diagonal.Min(Math.Abs) < 1e-3 * Epsilon * largest.Value) return null;
        progress?.Invoke("smallest singular value");
        if (Smallest() is not { Converged: true } smallest || 1 / smallest.Value <= 2 * (threshold + eta)) return null;
        progress?.Invoke("bounds");
        double sigmaMin = 1 / smallest.Value, low = LowerBound() - eta;
        if (low <= threshold || low < 0.5 * sigmaMin - eta) return null;
        double most = GaussianProbes.NormBound(forward, new RandomStream(seed, 310)) + eta;
        SmallestVector witness = SmallestVector.Of(r, smallest.Left);
        return new RankFinding(FullRank(largest, smallest, low, most, witness), witness.Vector);
    }

    private RankResult FullRank(
        BlockGolubKahan.Outcome largest, BlockGolubKahan.Outcome smallest, double low, double most, SmallestVector witness)
    {
        (double eta, double threshold) = Bounds(largest.Value);
        long full = Math.Min(rows, columns);
        RankWindow window = new(full, full, full);
        return new RankResult
        {
            Rows = rows, Columns = columns, Rank = full, RankLow = full, RankHigh = full, SigmaMax = largest.Value,
            SigmaMin = 1 / smallest.Value, Threshold = threshold, Eta = eta, Method = RankMethod.InverseGolubKahan, RankAtTenth = window,
            RankAtTen = low > 10 * threshold ? window : null, RankAtHundred = low > 100 * threshold ? window : null,
            LowerBound = low, UpperBound = witness.Norm + eta, Residual = witness.Residual, SigmaMaxBound = most,
            SigmaMaxSteps = largest.Steps, SigmaMinSteps = smallest.Steps, Seed = seed,
        };
    }

    private BlockGolubKahan.Outcome? Smallest()
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

    private double LowerBound() => 1 / GaussianProbes.NormBound(new TriangularOperator(r, inverse: true), new RandomStream(seed, 300));

    private RankFinding BySingularValues()
    {
        SmallestVector? witness = SmallestVector.Find(r, _diagonal, new RandomStream(seed, 200));
        progress?.Invoke("all singular values of R");
        double[] sigma = Factorizations.SingularValues(r);
        (double eta, double threshold) = Bounds(sigma[0]);
        RankWindow window = RankWindow.Of(sigma, threshold, eta);
        RankResult result = new()
        {
            Rows = rows, Columns = columns, Rank = window.Rank, RankLow = window.Low, RankHigh = window.High, SigmaMax = sigma[0],
            SigmaMin = sigma[^1], Threshold = threshold, Eta = eta, Method = RankMethod.SingularValuesOfR,
            RankAtTenth = RankWindow.Of(sigma, 0.1 * threshold, eta), RankAtTen = RankWindow.Of(sigma, 10 * threshold, eta),
            RankAtHundred = RankWindow.Of(sigma, 100 * threshold, eta), UpperBound = witness?.Norm + eta,
            Residual = witness?.Norm > eta ? witness.Residual : null, Seed = seed,
        };
        return new RankFinding(result, witness?.Vector);
    }

    private (double Eta, double Threshold) Bounds(double sigmaMax) =>
        (10 * Epsilon * sigmaMax, 0.5 * Math.Sqrt(rows + columns + 1.0) * sigmaMax * Epsilon);

    private static double[] DiagonalOf(Tensor r)
    {
        using TensorScope scope = new();
        long n = r.Shape[0];
        Tensor diagonal = Tensor.Empty(r.Device, [n], DType.Float64, "diagonal of R");
        r.Device.Launch("layout_diagonal", DType.Float64, n, n, r, r.Shape[1], diagonal);
        return diagonal.ToArray<double>();
    }
}
