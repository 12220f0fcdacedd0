using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// The R that <see cref="Factorizations.Triangularize"/> made of F[Rows, Columns], scaled to entries of magnitude 1, as the ways to its
/// rank share it.
/// </summary>
internal sealed class RankProblem(Tensor r, long rows, long columns, ulong seed, Action<string>? progress, double? threshold = null)
{
    // A σ_min above this many ε σ_max has three digits from R alone.
    private const double Resolved = 1e3;

    private double[]? _diagonal;

    /// <summary>F / 2^Exponent is what R is of.</summary>
    public int Exponent { get; init; }

    /// <summary>The rows of F again, see <see cref="SmallestRefinement"/>; null where they cannot be had.</summary>
    public Func<IEnumerable<Tensor>>? Rows { get; init; }

    /// <summary>R, whose columns begin the rows of this tensor [k,m].</summary>
    public Tensor R => r;

    public long Size => r.Shape[0];

    /// <summary>The longer side of F.</summary>
    public long LongSide => Math.Max(rows, columns);

    /// <summary>Vectors in each basis of an iteration, by the sides of F.</summary>
    public long Vectors => BlockGolubKahan.VectorsFor(rows, columns);

    /// <summary>The δ of a regularised R, whose singular values are √(σ² + δ²); 0 for R itself.</summary>
    public double Delta { get; private set; }

    /// <summary>R's diagonal, of the regularised R once there is one.</summary>
    public double[] Diagonal => _diagonal ??= DiagonalOf(r);

    public ILinearOperator Forward => new TriangularOperator(r, inverse: false);

    public ILinearOperator Inverse => new TriangularOperator(r, inverse: true);

    public RandomStream Stream(ulong number) => new(seed, number);

    public void Tell(string phase) => progress?.Invoke(phase);

    public double Eta(double sigmaMax) => RankAllowance.Eta(rows, columns, sigmaMax, Delta > 0);

    public double Threshold(double sigmaMax) => threshold ?? RankAllowance.Threshold(rows, columns, sigmaMax);

    /// <summary>The singular value of R for one of the regularised R.</summary>
    public double Undone(double sigma) => Delta == 0 ? sigma : Math.Sqrt(Math.Max(0, (sigma - Delta) * (sigma + Delta)));

    /// <summary>Regularises R with δ = ε σ_max, once, where memory allows it.</summary>
    public bool TryRegularize(double sigmaMax)
    {
        if (Delta > 0) return true;
        r.Device.TrimCache();
        if (RegularizedTriangle.WorkspaceBytes(Size) > r.Device.Context.MemoryInfo().Free) return false;
        Tell("regularisation of a singular R");
        Delta = RankAllowance.Epsilon * sigmaMax;
        RegularizedTriangle.Apply(r, Delta);
        _diagonal = null;
        return true;
    }

    /// <summary>σ_min from F itself where it is so small that R's rounding matters, and F can be had; else null.</summary>
    public SmallestRefinement.Outcome? Refine(SmallestVector? witness)
    {
        if (Rows is null || witness is null) return null;
        double sigmaMax = BlockGolubKahan.Largest(Forward, Vectors, 0.01, Stream(110), 4).Value;
        if (witness.Norm > Resolved * RankAllowance.Epsilon * sigmaMax) return null;
        Tell("smallest singular value with twice the digits");
        return new SmallestRefinement(Inverse, rows, columns, Exponent, Rows).Of(witness.Vector);
    }

    /// <summary>A result with what every way to it knows.</summary>
    public RankResult Result(RankMethod method, RankWindow window, double sigmaMax, double sigmaMin) => new()
    {
        Rows = rows, Columns = columns, Rank = window.Rank, RankLow = window.Low, RankHigh = window.High, SigmaMax = sigmaMax, SigmaMin = sigmaMin,
        Threshold = Threshold(sigmaMax), Eta = Eta(sigmaMax), Method = method, Regularized = Delta > 0, Seed = seed,
    };

    private static double[] DiagonalOf(Tensor r)
    {
        using TensorScope scope = new();
        long n = r.Shape[0];
        Tensor diagonal = Tensor.Empty(r.Device, [n], DType.Float64, "diagonal of R");
        r.Device.Launch("layout_diagonal", DType.Float64, n, n, r, r.Shape[1], diagonal);
        return diagonal.ToArray<double>();
    }
}
