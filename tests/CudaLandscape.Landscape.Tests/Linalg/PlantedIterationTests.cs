using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Landscape.Tests.Linalg;

/// <summary>Errors planted in what the iterations found: no certificate may come of them.</summary>
[Collection("device")]
public sealed class PlantedIterationTests
{
    private const int Size = 150;

    [Fact]
    public void What_was_found_is_certified() => Assert.NotNull(FullRankWith(found => found));

    // As if the iteration had missed the smallest values, or made up one.
    [Theory]
    [InlineData(10)]
    [InlineData(0.1)]
    public void A_wrong_smallest_singular_value_is_refused(double factor) =>
        Assert.Null(FullRankWith(found => found with { Value = found.Value / factor }));

    [Fact]
    public void A_wrong_vector_is_refused() =>
        Assert.Null(FullRankWith(found => found with { Left = [.. found.Left.Reverse()] }));

    [Fact]
    public void An_iteration_that_did_not_settle_is_refused() => Assert.Null(FullRankWith(found => found with { Converged = false }));

    [Fact]
    public void A_count_is_certified_from_both_sides()
    {
        RankResult result = CountWith(found => found)!;
        Assert.Equal((Size - 4, Size - 4), (result.RankLow, result.RankHigh));
        Assert.NotNull(result.LowerBoundOfRank);
    }

    [Fact]
    public void Vectors_on_which_the_matrix_is_not_small_are_refused() =>
        Assert.Null(CountWith(found => found with { Right = found.Left.Slab(Size * 5, [4, Size], "others") }));

    [Fact]
    public void A_value_that_is_counted_as_small_but_is_not_is_refused() =>
        Assert.Null(CountWith(found => found with { Sigma = [.. found.Sigma.Select((s, i) => i == 4 ? found.Sigma[3] : s)] }));

    // A direction that is missing leaves R⁻¹ large: the count says one too many, and no bound supports it.
    [Fact]
    public void A_small_value_that_was_missed_gets_no_lower_bound()
    {
        RankResult result = CountWith(found => new InverseSubspace.Outcome(
            found.Sigma[1..], Without(found.Right), Without(found.Left), found.Steps, found.Multiple))!;
        Assert.Equal(Size - 3, result.RankLow);
        Assert.Null(result.LowerBoundOfRank);
        Assert.Contains("by the count alone", RankCertificate.Lines(result)[0]);
    }

    private static Tensor Without(Tensor rows) => rows.Slab(Size, [rows.Shape[0] - 1, Size], "rest");

    private static RankFinding? FullRankWith(Func<BlockGolubKahan.Outcome, BlockGolubKahan.Outcome> plant)
    {
        using TensorScope scope = new();
        RankProblem problem = Problem(Matrices.Geometric(1, 1e-6, Size));
        return new FullRank(problem).Find(Largest(problem), plant(BlockGolubKahan.Largest(problem.Inverse, problem.Vectors, 1e-8, problem.Stream(200))));
    }

    private static RankResult? CountWith(Func<InverseSubspace.Outcome, InverseSubspace.Outcome> plant)
    {
        using TensorScope scope = new();
        RankProblem problem = Problem([.. Matrices.Geometric(1, 1e-6, Size - 4), 2e-16, 1e-16, 1e-16, 1e-16]);
        BlockGolubKahan.Outcome largest = Largest(problem);
        InverseSubspace.Outcome found = new InverseSubspace(problem, problem.Threshold(largest.Value), problem.Stream(500)).Find()!;
        return new DeficientRank(problem).Judge(largest, plant(found))?.Result;
    }

    private static BlockGolubKahan.Outcome Largest(RankProblem problem) => BlockGolubKahan.Largest(problem.Forward, problem.Vectors, 1e-10, problem.Stream(100));

    // 1000 rows, so that the threshold, 17 ε, is above η.
    private static RankProblem Problem(double[] sigma)
    {
        Tensor matrix = ShortSideFirst.Of(Matrices.Reflected(1000, sigma, 5).ToTensor(TestDevices.Primary, DType.Float64));
        Factorizations.Triangularize(matrix);
        return new RankProblem(matrix, 1000, Size, 1, null);
    }
}
