using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Landscape.Tests.Linalg;

/// <summary>Matrices just large enough for the iterative path, built from reflections so that their singular values are known.</summary>
[Collection("device")]
public sealed class LargeRankTests
{
    private const int Rows = 2150, Columns = 2008;

    [Fact]
    public void Full_rank_with_a_cluster_of_20_smallest_values_is_found_by_iteration() =>
        AssertFullRank([.. Matrices.Geometric(100, 1e-3, Columns - 20), .. Enumerable.Repeat(1e-4, 20)], 1);

    [Fact]
    public void A_flat_spectrum_is_found_by_iteration() => AssertFullRank([.. Enumerable.Repeat(3.0, Columns)], 2);

    [Fact]
    public void A_single_tiny_value_above_the_threshold_is_found_by_iteration() =>
        AssertFullRank([2, .. Matrices.Geometric(1, 0.5, Columns - 2), 1e-12], 3, relative: 1e-3);

    [Fact]
    public void A_deficient_matrix_falls_back_to_all_singular_values()
    {
        double[] sigma = [.. Matrices.Geometric(1, 1e-6, Columns - 5), 0, 0, 0, 0, 0];
        RankResult result = RankTests.Of(Matrices.Reflected(Rows, sigma, 4));
        Assert.Equal((Columns - 5, Columns - 5, Columns - 5), (result.RankLow, result.Rank, result.RankHigh));
        Assert.Equal((RankMethod.SingularValuesOfR, null), (result.Method, result.LowerBound));
        Assert.Equal(1, result.SigmaMax, 1e-12);
    }

    private static void AssertFullRank(double[] sigma, int seed, double relative = 1e-6)
    {
        RankResult result = RankTests.Of(Matrices.Reflected(Rows, sigma, seed));
        Assert.Equal(RankMethod.InverseGolubKahan, result.Method);
        Assert.Equal((Columns, Columns, Columns), (result.RankLow, result.Rank, result.RankHigh));
        Assert.Equal(sigma.Max(), result.SigmaMax, 1e-9 * sigma.Max());
        Assert.Equal(sigma.Min(), result.SigmaMin, relative * sigma.Min());
        Assert.Equal(0.5 * Math.Sqrt(Rows + Columns + 1) * sigma.Max() * Math.Pow(2, -52), result.Threshold, 1e-8 * result.Threshold);
        Assert.InRange(result.LowerBound!.Value, result.Threshold, sigma.Min());
        Assert.True(result.LowerBound > 0.45 * sigma.Min(), $"the bound {result.LowerBound} says little");
        Assert.True(result.Steps > 0);
    }
}
