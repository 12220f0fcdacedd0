using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Landscape.Tests.Linalg;

/// <summary>Ranks counted by block inverse iteration, on sizes where all singular values are at hand beside them.</summary>
[Collection("device")]
public sealed class DeficientRankTests
{
    private const int Size = 700;
    private const double Epsilon = 1.0 / (1L << 52);
    private static readonly double s_threshold = 0.5 * Math.Sqrt(2 * Size + 1) * Epsilon;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(60)] // more than the first block of 43 holds
    [InlineData(80)]
    public void Behind_a_gap_the_count_is_exact_and_shown_from_both_sides(int below)
    {
        double[] sigma = [.. Matrices.Geometric(1, 1e-8, Size - below), .. Enumerable.Repeat(0.2 * s_threshold, below)];
        RankResult result = Count(Matrices.Reflected(Size, sigma, below))!;
        int rank = Size - below;
        Assert.Equal((rank, rank, rank, false), (result.RankLow, result.Rank, result.RankHigh, result.Regularized));
        Assert.InRange(result.LowerBoundOfRank!.Value, result.Threshold, 1e-8);
        Assert.InRange(result.NullSpaceNorm!.Value, 0.1 * result.Threshold, result.Threshold);
        Assert.InRange(result.SigmaOfRank!.Value, 0.999e-8, 1.5e-8); // not settled, from above
        Assert.Equal(0.2 * s_threshold, result.SigmaAfterRank!.Value, 2 * Epsilon);
        Assert.Equal(below > 43 ? 86 : 43, result.SubspaceSize);
    }

    // Above 3 thresholds and below a third of one: the probes still tell them apart.
    [Fact]
    public void A_gap_of_ten_around_the_threshold_is_enough()
    {
        double[] sigma = [.. Matrices.Geometric(1, 3.2 * s_threshold, Size - 50), .. Matrices.Geometric(0.3 * s_threshold, 0.05 * s_threshold, 50)];
        RankResult result = Count(Matrices.Reflected(Size, sigma, 5))!;
        Assert.Equal((Size - 50, Size - 50, Size - 50), (result.RankLow, result.Rank, result.RankHigh));
        Assert.InRange(result.LowerBoundOfRank!.Value, result.Threshold, 3.2 * s_threshold);
    }

    // Where nothing separates the values the window has to hold what LAPACK counts, and a bound holds a little below it.
    [Fact]
    public void Without_a_gap_the_window_is_open_and_holds_the_true_count()
    {
        double[] sigma = [.. Matrices.Geometric(1, 8 * s_threshold, Size - 60), .. Enumerable.Range(0, 60).Select(i => s_threshold * (3 - 0.05 * i))];
        HostArray f = Matrices.Reflected(Size, sigma, 6);
        RankResult result = Count(f)!, all = All(f);
        Assert.True(result.RankLow < result.RankHigh, "nothing is open");
        Assert.InRange(all.Rank, result.RankLow, result.RankHigh);
        Assert.Equal((all.RankLow, all.RankHigh), (result.RankLow, result.RankHigh));
        Assert.InRange(result.BoundedRank!.Value, result.RankLow - 5, result.RankLow - 1);
        Assert.InRange(result.LowerBoundOfRank!.Value, result.Threshold, sigma[result.BoundedRank.Value - 1]);
        Assert.Contains($"no less than {result.RankLow} by the count alone, no less than {result.BoundedRank} since", RankCertificate.Lines(result)[0]);
    }

    // Zero columns make R singular, duplicates and combinations nearly so.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_singular_matrix_is_regularised(bool tiny)
    {
        HostArray f = Matrices.Reflected(2000, Matrices.Geometric(1, 0.01, Size), 7);
        for (int r = 0; r < 2000; r++)
        {
            f[r, 0] = f[r, 300] = tiny ? 1e-30 * f[r, 5] : 0;
            f[r, 699] = f[r, 10];
            f[r, 698] = 0.5 * f[r, 11] - f[r, 12];
        }

        RankResult result = Count(f)!;
        Assert.Equal((Size - 4, Size - 4, Size - 4, true), (result.RankLow, result.Rank, result.RankHigh, result.Regularized));
        Assert.Equal(20 * Epsilon * result.SigmaMax, result.Eta, 1e-6 * result.Eta);
        Assert.InRange(result.LowerBoundOfRank!.Value, result.Threshold, 0.01);
        Assert.InRange(result.SigmaMin, 0, result.Eta);
    }

    [Fact]
    public void More_than_a_fifth_below_the_threshold_are_left_to_all_singular_values() =>
        Assert.Null(Count(Matrices.Reflected(Size, [.. Matrices.Geometric(1, 0.1, 500), .. Enumerable.Repeat(0.3 * s_threshold, 200)], 8)));

    [Fact]
    public void Too_many_zero_columns_are_left_to_the_singular_values_of_the_regularised_matrix()
    {
        HostArray f = Matrices.Reflected(2000, Matrices.Geometric(1, 0.1, Size), 10);
        for (int r = 0; r < 2000; r++)
        {
            for (int c = 100; c < 300; c++) f[r, c] = 0;
        }

        using TensorScope scope = new();
        RankProblem problem = Problem(f, 1);
        BlockGolubKahan.Outcome largest = BlockGolubKahan.Largest(problem.Forward, problem.Vectors, 1e-10, problem.Stream(100));
        Assert.True(problem.TryRegularize(largest.Value));
        Assert.Null(new DeficientRank(problem).Find(largest));
        RankResult result = new AllSingularValues(problem).Find().Result;
        Assert.Equal((500, 500, 500, true), (result.RankLow, result.Rank, result.RankHigh, result.Regularized));
        Assert.InRange(result.UpperBound!.Value, 0, 2 * result.Eta);
    }

    [Fact]
    public void Another_seed_counts_the_same()
    {
        double[] sigma = [.. Matrices.Geometric(1, 1e-9, Size - 20), .. Matrices.Geometric(0.5 * s_threshold, 0.01 * s_threshold, 20)];
        HostArray f = Matrices.Reflected(Size, sigma, 9);
        RankResult one = Count(f, 1)!, two = Count(f, 2)!;
        Assert.Equal((one.Rank, one.RankLow, one.RankHigh), (two.Rank, two.RankLow, two.RankHigh));
        Assert.Equal(one.SigmaAfterRank!.Value, two.SigmaAfterRank!.Value, 2e-3 * one.Threshold);
    }

    // The path of a large matrix, on one that is small.
    private static RankResult? Count(HostArray f, ulong seed = 1)
    {
        using TensorScope scope = new();
        RankProblem problem = Problem(f, seed);
        BlockGolubKahan.Outcome largest = BlockGolubKahan.Largest(problem.Forward, problem.Vectors, 1e-10, problem.Stream(100));
        bool singular = problem.Diagonal.Min(Math.Abs) < 1e-3 * Epsilon || BlockGolubKahan.Largest(problem.Inverse, problem.Vectors, 1e-8, problem.Stream(200)).Value > 50 / Epsilon;
        if (singular) Assert.True(problem.TryRegularize(largest.Value));
        return new DeficientRank(problem).Find(largest)?.Result;
    }

    private static RankResult All(HostArray f)
    {
        using TensorScope scope = new();
        return new AllSingularValues(Problem(f, 1)).Find().Result;
    }

    private static RankProblem Problem(HostArray f, ulong seed)
    {
        Tensor matrix = ShortSideFirst.Of(f.ToTensor(TestDevices.Primary, DType.Float64));
        Factorizations.Triangularize(matrix);
        return new RankProblem(matrix, f.Shape[0], f.Shape[1], seed, null);
    }
}
