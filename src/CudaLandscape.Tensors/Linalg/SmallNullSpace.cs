using CudaLandscape.Tensors.Ops;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// The upper end of a small matrix's rank without η, which is above the threshold there and would leave it open for every matrix of
/// less than full rank: on d orthonormal vectors V with ‖F V‖ ≤ threshold no more than k - d singular values are above it (Courant
/// and Fischer). F V is multiplied out with twice the digits, and how far V is from orthonormal is taken into account.
/// </summary>
internal static class SmallNullSpace
{
    /// <summary>Rows and columns together below which a copy of F is kept for this.</summary>
    public const long MostSides = 600;

    /// <summary>The finding with <see cref="RankResult.RankHigh"/> = Rank where that can be shown, and the vectors that show it.</summary>
    /// <param name="finding">Of the matrix.</param>
    /// <param name="f">The matrix [k,m], its columns the tensor's rows.</param>
    public static RankFinding Narrow(RankFinding finding, Tensor f)
    {
        RankResult result = finding.Result;
        if (result.RankHigh == result.Rank) return finding;
        double[][] vectors = Last(f, (int)(result.FullRank - result.Rank));
        double norm = NormOn(f, vectors);
        return norm <= result.Threshold * (1 - RankAllowance.Relative * RankAllowance.Epsilon)
            ? finding with { Result = result with { RankHigh = result.Rank, NullSpaceNorm = norm }, NullSpace = [.. vectors.SelectMany(v => v)] }
            : finding;
    }

    // An upper bound of ‖F V‖₂ / σ_min(V).
    private static double NormOn(Tensor f, double[][] vectors)
    {
        using TensorScope scope = new();
        double[] image = Image(f.ToArray<double>(), (int)f.Shape[1], vectors);
        Tensor columns = Tensor.From<double>(f.Device, [vectors.Length, f.Shape[1]], image, "F V");
        double norm = SquareFactorizations.Singular("rank", columns, vectors: false).Values.ToArray<double>()[0], skew = 0;
        foreach (double[] v in vectors) skew += vectors.Sum(w => Square(CompensatedDot.Of(v, w) - (ReferenceEquals(v, w) ? 1 : 0)));
        return norm * (1 + 1e-12) / Math.Sqrt(1 - Math.Sqrt(skew));
    }

    // F v for every v, one after the other; F column by column.
    private static double[] Image(double[] columns, int m, double[][] vectors)
    {
        double[] image = new double[vectors.Length * m], row = new double[columns.Length / m];
        for (int r = 0; r < m; r++)
        {
            for (int c = 0; c < row.Length; c++) row[c] = columns[c * m + r];
            for (int i = 0; i < vectors.Length; i++) image[i * m + r] = CompensatedDot.Of(row, vectors[i]);
        }

        return image;
    }

    private static double[][] Last(Tensor f, int count)
    {
        using TensorScope scope = new();
        (_, _, Tensor? right) = SquareFactorizations.Singular("rank", SquareFactorizations.Copy(f), vectors: true);
        long k = f.Shape[0];
        double[] byVector = right!.Transpose().ToArray<double>();
        return [.. byVector.Chunk((int)k).TakeLast(count)];
    }

    private static double Square(double x) => x * x;
}
