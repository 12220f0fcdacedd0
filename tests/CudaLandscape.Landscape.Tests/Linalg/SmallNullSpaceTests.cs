using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Landscape.Tests.Linalg;

/// <summary>Small matrices of less than full rank, whose threshold is below η: what is multiplied out decides.</summary>
[Collection("device")]
public sealed class SmallNullSpaceTests
{
    [Theory]
    [InlineData(2, 2, 1)]
    [InlineData(5, 5, 4)]
    [InlineData(5, 9, 4)]
    [InlineData(40, 25, 20)]
    [InlineData(200, 100, 37)]
    public void The_rank_of_a_product_is_closed(int rows, int columns, int rank)
    {
        HostArray f = Product(rows, columns, rank, rows + columns);
        RankResult result = RankTests.Of(f);
        Assert.Equal((rank, rank, rank), (result.RankLow, result.Rank, result.RankHigh));
        Assert.InRange(result.NullSpaceNorm!.Value, 0, result.Threshold);
        Assert.Contains($"for {Math.Min(rows, columns) - rank} orthonormal vectors V", RankCertificate.Lines(result)[0]);
        Assert.Equal(result.RankText, $"{rank}");
    }

    // 0.99 thresholds in a hundred directions are no rank, and ‖F V‖ shows it; 1.01 are left open by η, in both directions.
    [Theory]
    [InlineData(0.99, 50, 50)]
    [InlineData(1.01, 150, 150)]
    public void The_threshold_is_met_to_a_hundredth(double factor, int rank, int high)
    {
        double threshold = 0.5 * Math.Sqrt(150 + 150 + 1) / (1L << 52);
        HostArray f = HostArray.Zeros([150, 150]);
        for (int i = 0; i < 150; i++) f[i, i] = i < 50 ? 1 : factor * threshold;
        RankResult result = RankTests.Of(f);
        Assert.Equal((50, rank, high), (result.RankLow, result.Rank, result.RankHigh));
    }

    // A matrix of integers with the singular values 2⁵², 2²⁰ and d, times 16; the threshold is 2.87 in the units of d. What is below it
    // closes, what is above is never excluded, whatever the SVD's rounding makes of it.
    [Theory]
    [InlineData(1, 9, 9)]
    [InlineData(2, 9, 9)]
    [InlineData(3, 16, 16)]
    [InlineData(4, 16, 16)]
    public void Exact_values_around_the_threshold_are_on_their_side(int d, int least, int most)
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            using TensorScope scope = new();
            double[] sigma = [Math.Pow(2, 52), .. Enumerable.Repeat(Math.Pow(2, 20), 8), .. Enumerable.Repeat((double)d, 7)];
            (Tensor f, _) = ErrorMatrices.Hadamard(16, sigma, seed);
            RankResult result = MatrixRank.Of(f);
            Assert.True(result.RankHigh >= least && result.RankLow <= most, $"seed {seed}: {result.RankText}");
            if (d == 1) Assert.Equal((9, 9, 9), (result.RankLow, result.Rank, result.RankHigh));
        }
    }

    [Fact]
    public void A_result_that_claims_too_much_is_not_narrowed()
    {
        HostArray f = Matrices.Random(30, 20, 1);
        using TensorScope scope = new();
        Tensor columns = ShortSideFirst.Of(f.ToTensor(TestDevices.Primary, DType.Float64));
        RankResult wrong = RankTests.Of(f) with { Rank = 15, RankLow = 15 };
        RankFinding finding = SmallNullSpace.Narrow(new RankFinding(wrong, null), columns);
        Assert.Equal((20, null), (finding.Result.RankHigh, finding.NullSpace));
    }

    // 1 + 2⁻⁶⁰ - 1, and products whose rounding errors are all that is left.
    [Fact]
    public void Dots_have_twice_the_digits()
    {
        double tiny = Math.Pow(2, -60), x = 1 + Math.Pow(2, -30);
        Assert.Equal(tiny, CompensatedDot.Of([1, tiny, -1], [1, 1, 1]));
        Assert.Equal(tiny, CompensatedDot.Of([x, 1, -Math.Pow(2, -29)], [x, -1, 1]));
    }

    private static HostArray Product(int rows, int columns, int rank, int seed)
    {
        HostArray a = Matrices.Random(rows, rank, seed), b = Matrices.Random(rank, columns, seed + 1), f = HostArray.Zeros([rows, columns]);
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                for (int i = 0; i < rank; i++) f[r, c] += a[r, i] * b[i, c];
            }
        }

        return f;
    }
}
