using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Landscape.Tests.Linalg;

/// <summary>Matrices on which cheaper routes to a rank go wrong, against MathNet's singular values of the same numbers.</summary>
[Collection("device")]
public sealed class HardMatrixTests
{
    private const double Epsilon = 1.0 / (1L << 52);

    // Kahan's matrix is triangular with a diagonal that says nothing of σ_min: whoever reads the rank from it is wrong.
    [Theory]
    [InlineData(60)]
    [InlineData(90)]
    public void Kahan_s_matrix_has_its_own_rank_and_not_its_diagonal_s(int n)
    {
        HostArray f = Kahan(n, 0.285);
        double[] sigma = Matrices.SingularValues(f);
        AssertAgrees(f, sigma);
        Assert.True(f[n - 1, n - 1] > 1e4 * sigma[^1], "the diagonal was to be no estimate of σ_min");
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Graded_rows_and_columns_agree_in_both_orientations(bool rows, bool columns)
    {
        HostArray f = Matrices.Random(70, 50, 11);
        for (int r = 0; r < 70; r++)
        {
            for (int c = 0; c < 50; c++) f[r, c] *= Math.Pow(10, -(rows ? 0.3 * r : 0) - (columns ? 0.3 * c : 0));
        }

        AssertAgrees(f, Matrices.SingularValues(f));
        AssertAgrees(Matrices.Transposed(f), Matrices.SingularValues(f));
    }

    // The window must be open, and no certificate may decide what rounding leaves open.
    [Fact]
    public void A_cluster_at_the_threshold_is_left_open()
    {
        double threshold = 0.5 * Math.Sqrt(200 + 30 + 1) * Epsilon;
        double[] sigma = [.. Enumerable.Repeat(1.0, 10), .. Enumerable.Range(0, 20).Select(i => threshold * (0.95 + 0.005 * i))];
        RankResult result = RankTests.Of(Matrices.WithSingularValues(200, 30, sigma, 12));
        Assert.Equal((10, 30), (result.RankLow, result.RankHigh));
        Assert.Contains("not decided", RankCertificate.Lines(result)[0]);
        Assert.Equal(new RankWindow(10, 10, 10), result.RankAtHundred);
    }

    [Theory]
    [InlineData(40, 25)]
    [InlineData(25, 40)]
    [InlineData(30, 30)]
    public void One_duplicate_costs_one_and_an_outer_product_leaves_one(int rows, int columns)
    {
        HostArray duplicate = Matrices.Random(rows, columns, 13), outer = HostArray.Zeros([rows, columns]);
        for (int i = 0; i < Math.Max(rows, columns); i++)
        {
            if (rows >= columns) duplicate[i, columns - 1] = duplicate[i, 0];
            else duplicate[rows - 1, i] = duplicate[0, i];
        }

        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++) outer[r, c] = (r - 7.3) * (c + 0.7);
        }

        RankResult one = RankTests.Of(duplicate), many = RankTests.Of(outer);
        Assert.Equal((Math.Min(rows, columns) - 1, Math.Min(rows, columns) - 1), (one.RankLow, one.Rank));
        Assert.Equal((1, 1), (many.RankLow, many.Rank));
    }

    // The Gram matrix squares the condition: its smallest eigenvalue is rounding where σ_min is far above the threshold.
    [Fact]
    public void The_Gram_matrix_gets_wrong_what_QR_gets_right()
    {
        HostArray f = Matrices.WithSingularValues(150, 60, Matrices.Geometric(1, 1e-11, 60), 14);
        RankResult result = RankTests.Of(f);
        Assert.Equal((60, 60), (result.RankLow, result.Rank));
        Assert.Equal(1e-11, result.SigmaMin, 20 * Epsilon);
        var matrix = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfRowMajor(150, 60, f.Values);
        double least = (matrix.Transpose() * matrix).Evd().EigenValues.Min(z => z.Real);
        Assert.False(least > 0 && Math.Abs(Math.Sqrt(least) / 1e-11 - 1) < 10, $"the Gram route gave {least:E2}");
    }

    // Threshold 15.07 ε: what is counted at its multiples is known.
    [Fact]
    public void Ranks_at_multiples_of_the_threshold_count_the_values_between_them()
    {
        double t = 0.5 * Math.Sqrt(900 + 7 + 1) * Epsilon;
        double[] sigma = [1, 300 * t, 150 * t, 50 * t, 5 * t, 1e-3 * t, 0];
        HostArray f = HostArray.Zeros([900, 7]);
        for (int i = 0; i < sigma.Length; i++) f[i, i] = sigma[i];
        RankResult result = RankTests.Of(f);
        Assert.Equal((3, 4, 5, 5), (result.RankAtHundred!.Rank, result.RankAtTen!.Rank, result.Rank, result.RankAtTenth!.Rank));
        Assert.Equal((3, 4, 5, 7), (result.RankAtHundred.High, result.RankAtTen.High, result.RankHigh, result.RankAtTenth.High));
    }

    [Theory]
    [InlineData(8, 5, 17, "[3, 2]")]
    [InlineData(5, 8, 17, "[2, 1]")]
    [InlineData(5, 5, 24, "[4, 4]")]
    public void An_entry_that_is_not_finite_is_named(int rows, int columns, int position, string place)
    {
        HostArray f = Matrices.Random(rows, columns, 1).WithValue(position, double.NaN);
        Assert.Contains($"entry {place} is NaN", Assert.Throws<ArithmeticException>(() => RankTests.Of(f)).Message);
    }

    private static void AssertAgrees(HostArray f, double[] sigma)
    {
        RankResult result = RankTests.Of(f);
        Assert.Equal(sigma[0], result.SigmaMax, 20 * Epsilon * sigma[0]);
        Assert.Equal(sigma[^1], result.SigmaMin, 20 * Epsilon * sigma[0]);
        foreach ((double factor, RankWindow? window) in (IEnumerable<(double, RankWindow?)>)
            [(0.1, result.RankAtTenth), (1, new RankWindow(result.Rank, result.RankLow, result.RankHigh)), (10, result.RankAtTen), (100, result.RankAtHundred)])
            Assert.InRange(sigma.LongCount(s => s > factor * result.Threshold), window!.Low, window.High);
    }

    // s^i on the diagonal, -c s^i right of it, s² + c² = 1.
    private static HostArray Kahan(int n, double c)
    {
        HostArray f = HostArray.Zeros([n, n]);
        double s = Math.Sqrt(1 - c * c);
        for (int i = 0; i < n; i++)
        {
            f[i, i] = Math.Pow(s, i);
            for (int j = i + 1; j < n; j++) f[i, j] = -c * Math.Pow(s, i);
        }

        return f;
    }
}
