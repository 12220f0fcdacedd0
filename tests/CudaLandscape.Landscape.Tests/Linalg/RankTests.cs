using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Landscape.Tests.Linalg;

[Collection("device")]
public sealed class RankTests
{
    private const double Epsilon = 2.220446049250313e-16;

    [Theory]
    [InlineData(300, 200)]
    [InlineData(200, 300)]
    [InlineData(200, 200)]
    public void Prescribed_singular_values_of_condition_1e12_are_of_full_rank(int rows, int columns)
    {
        double[] sigma = Matrices.Geometric(5, 5e-12, 200);
        RankResult result = Of(Matrices.WithSingularValues(rows, columns, sigma, 1));
        Assert.Equal((200, 200, 200, RankMethod.SingularValuesOfR), (result.Rank, result.RankLow, result.FullRank, result.Method));
        Assert.Equal((rows, columns), (result.Rows, result.Columns));
        Assert.Equal(5, result.SigmaMax, 1e-13);
        Assert.Equal(5e-12, result.SigmaMin, 20 * Epsilon);
    }

    [Theory]
    [InlineData(900, 300)]
    [InlineData(300, 900)]
    public void A_deficiency_of_7_behind_a_gap_is_found_exactly(int rows, int columns)
    {
        double[] sigma = [.. Matrices.Geometric(1, 1e-6, 293), 0, 0, 0, 0, 0, 0, 0];
        RankResult result = Of(Matrices.WithSingularValues(rows, columns, sigma, 2));
        Assert.Equal((293, 293, 293), (result.RankLow, result.Rank, result.RankHigh));
        Assert.True(result.SigmaMin < result.Eta);
        Assert.Null(result.LowerBound);
    }

    [Fact]
    public void Without_a_gap_the_true_count_is_in_the_window()
    {
        double[] sigma = Matrices.Geometric(1, 1e-20, 400);
        HostArray f = Matrices.WithSingularValues(900, 400, sigma, 3);
        RankResult result = Of(f);
        int expected = sigma.Count(s => s > result.Threshold), byMathNet = Matrices.SingularValues(f).Count(s => s > result.Threshold);
        Assert.InRange(expected, result.RankLow, result.RankHigh);
        Assert.InRange(byMathNet, result.RankLow, result.RankHigh);
        Assert.InRange(result.Rank, result.RankLow, result.RankHigh);
        Assert.InRange(result.RankHigh - result.RankLow, 1, 30);
        Assert.Equal($"{result.Rank} [{result.RankLow}..{result.RankHigh}]", result.RankText);
    }

    [Fact]
    public void Duplicate_zero_and_combined_columns_do_not_count()
    {
        HostArray basis = Matrices.Random(600, 30, 4);
        HostArray f = HostArray.Zeros([600, 40]);
        for (int r = 0; r < 600; r++)
        {
            for (int c = 0; c < 30; c++) f[r, c] = basis[r, c];
            for (int c = 30; c < 34; c++) f[r, c] = basis[r, c - 30];
            for (int c = 36; c < 40; c++) f[r, c] = 2 * basis[r, c - 10] - 0.5 * basis[r, c - 20] + 0.25 * basis[r, c - 36];
        }

        RankResult result = Of(f);
        Assert.Equal((30, 30, 30), (result.RankLow, result.Rank, result.RankHigh));
        Assert.Equal(Matrices.SingularValues(f)[0], result.SigmaMax, 1e-11);
    }

    [Fact]
    public void A_random_matrix_agrees_with_MathNet()
    {
        HostArray f = Matrices.Random(120, 90, 5);
        double[] sigma = Matrices.SingularValues(f);
        RankResult result = Of(f);
        Assert.Equal(90, result.Rank);
        Assert.Equal(sigma[0], result.SigmaMax, 1e-13 * sigma[0]);
        Assert.Equal(sigma[^1], result.SigmaMin, 1e-13 * sigma[0]);
    }

    [Fact]
    public void The_transpose_gives_the_same_bits()
    {
        HostArray f = Matrices.Random(120, 90, 6);
        RankResult tall = Of(f), wide = Of(Matrices.Transposed(f));
        Assert.Equal(tall with { Rows = 90, Columns = 120 }, wide);
    }

    [Theory]
    [InlineData(600)]
    [InlineData(-600)]
    public void A_power_of_two_scales_every_value_exactly(int power)
    {
        HostArray f = Matrices.WithSingularValues(80, 60, [.. Matrices.Geometric(1, 1e-3, 55), 0, 0, 0, 0, 0], 7);
        RankResult plain = Of(f), scaled = Of(f with { Values = Array.ConvertAll(f.Values, x => Math.ScaleB(x, power)) });
        RankResult expected = plain with
        {
            SigmaMax = Math.ScaleB(plain.SigmaMax, power), SigmaMin = Math.ScaleB(plain.SigmaMin, power),
            Threshold = Math.ScaleB(plain.Threshold, power), Eta = Math.ScaleB(plain.Eta, power),
            UpperBound = Math.ScaleB(plain.UpperBound!.Value, power), SigmaOfRank = Math.ScaleB(plain.SigmaOfRank!.Value, power),
            SigmaAfterRank = Math.ScaleB(plain.SigmaAfterRank!.Value, power), NullSpaceNorm = Math.ScaleB(plain.NullSpaceNorm!.Value, power),
            RefinedSigmaMin = Math.ScaleB(plain.RefinedSigmaMin!.Value, power), RefinedResidual = Math.ScaleB(plain.RefinedResidual!.Value, power),
        };
        Assert.Equal(expected, scaled);
    }

    [Theory]
    [InlineData(1.5e308)]
    [InlineData(1e-310)]
    [InlineData(double.Epsilon)]
    public void The_largest_and_smallest_numbers_have_a_rank(double x)
    {
        RankResult result = Of(new HostArray([1, 3], [0, -x, 0]));
        Assert.Equal((1, x, x), (result.Rank, result.SigmaMax, result.SigmaMin));
    }

    [Fact]
    public void Hadamard_s_matrix_has_all_singular_values_equal()
    {
        HostArray f = HostArray.Zeros([512, 512]);
        for (int i = 0; i < f.Values.Length; i++) f.Values[i] = int.PopCount((i >> 9) & i & 511) % 2 == 0 ? 1 : -1;
        RankResult result = Of(f);
        Assert.Equal((512, 512, 512), (result.RankLow, result.Rank, result.RankHigh));
        Assert.Equal(Math.Sqrt(512), result.SigmaMax, 1e-12);
        Assert.Equal(Math.Sqrt(512), result.SigmaMin, 1e-12);
    }

    [Fact]
    public void A_cluster_of_20_smallest_values_counts_20()
    {
        double[] sigma = [.. Matrices.Geometric(1, 0.01, 130), .. Enumerable.Repeat(1e-9, 20)];
        RankResult result = Of(Matrices.WithSingularValues(400, 150, sigma, 8));
        Assert.Equal((150, 150), (result.RankLow, result.Rank));
        Assert.Equal(1e-9, result.SigmaMin, 5 * Epsilon);
    }

    [Fact]
    public void Float32_entries_count_at_their_exact_values()
    {
        HostArray f = Matrices.Random(50, 20, 9).Rounded();
        using TensorScope scope = new();
        RankResult single = MatrixRank.Of(f.ToTensor(TestDevices.Primary, DType.Float32));
        Assert.Equal(Of(f), single);
    }

    internal static RankResult Of(HostArray f, ulong seed = 1)
    {
        using TensorScope scope = new();
        return MatrixRank.Of(f.ToTensor(TestDevices.Primary, DType.Float64), seed);
    }
}
