using CudaLandscape.Landscape.Tests.Linalg.Exact;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;
using Xunit.Abstractions;

namespace CudaLandscape.Landscape.Tests.Linalg;

/// <summary>σ_min from the matrix itself, against the truth with 106 bits of the same float64 entries.</summary>
[Collection("device")]
public sealed class SmallestRefinementTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1e-14, 140, 100)]
    [InlineData(1e-14, 100, 140)]
    [InlineData(1e-14, 100, 100)]
    [InlineData(3e-14, 300, 90)]
    [InlineData(1e-13, 140, 100)]
    public void It_is_nearer_to_the_truth_than_R_s_and_within_its_residual(double smallest, int rows, int columns)
    {
        double error = 0, ofR = 0;
        for (int seed = 1; seed <= 4; seed++)
        {
            int k = Math.Min(rows, columns);
            HostArray f = Matrices.Reflected(Math.Max(rows, columns), [.. Matrices.Geometric(1, 1e-3, k - 1), smallest], seed);
            double truth = Truth(f);
            RankResult result = RankTests.Of(rows < columns ? Matrices.Transposed(f) : f);
            double off = Math.Abs(result.RefinedSigmaMin!.Value - truth);
            Assert.True(off <= result.RefinedResidual!.Value + 1e-13 * truth, $"seed {seed}: off by {off:E2}, residual {result.RefinedResidual:E2}");
            Assert.InRange(result.RefinedResidual.Value, 0, 0.02 * truth);
            (error, ofR) = (error + off / truth, ofR + Math.Abs(result.SigmaMin - truth) / truth);
        }

        output.WriteLine($"relative errors {error / 4:E2}, of R {ofR / 4:E2}");
        Assert.True(error < 0.05 * ofR, $"relative errors {error / 4:E2}, of R {ofR / 4:E2}");
    }

    [Theory]
    [InlineData(500)]
    [InlineData(-500)]
    public void It_is_that_of_the_unscaled_matrix(int power)
    {
        HostArray f = Matrices.Reflected(80, [.. Matrices.Geometric(1, 1e-3, 59), 2e-14], 3);
        RankResult plain = RankTests.Of(f), scaled = RankTests.Of(f with { Values = Array.ConvertAll(f.Values, x => Math.ScaleB(x, power)) });
        Assert.Equal(Math.ScaleB(plain.RefinedSigmaMin!.Value, power), scaled.RefinedSigmaMin!.Value);
    }

    [Fact]
    public void It_is_left_out_where_R_has_its_digits() => Assert.Null(RankTests.Of(Matrices.Reflected(80, Matrices.Geometric(1, 1e-12, 60), 3)).RefinedSigmaMin);

    // Where rounding leaves nothing of σ_min it is found as small, and nothing worse.
    [Fact]
    public void A_matrix_of_less_than_full_rank_has_one_below_rounding()
    {
        HostArray f = Matrices.Random(60, 40, 5);
        for (int r = 0; r < 60; r++) f[r, 7] = f[r, 30];
        RankResult result = RankTests.Of(f);
        Assert.InRange(result.RefinedSigmaMin!.Value, 0, result.Eta);
        for (int r = 0; r < 60; r++) f[r, 7] = 0;
        Assert.Equal(0, RankTests.Of(f).RefinedSigmaMin);
    }

    // The rows of a matrix with another σ_min: the residual shows it.
    [Fact]
    public void Rows_of_another_matrix_are_noticed()
    {
        using TensorScope scope = new();
        HostArray f = Matrices.Reflected(90, [.. Matrices.Geometric(1, 1e-3, 59), 2e-14], 3), other = Matrices.Reflected(90, Matrices.Geometric(1, 1e-3, 60), 4);
        using TriangularFactor factor = MatrixRank.Factor(ShortSideFirst.Of(f.ToTensor(TestDevices.Primary, DType.Float64)), 90, 60);
        RankResult result = MatrixRank.Find(factor, rows: () => [other.ToTensor(TestDevices.Primary, DType.Float64)]).Result;
        Assert.True(result.RefinedSigmaMin > 1e-4 && result.RefinedSigmaMin > result.UpperBound, $"{result.RefinedSigmaMin:E2}");
    }

    private static double Truth(HostArray tall)
    {
        (int rows, int columns) = ((int)tall.Shape[0], (int)tall.Shape[1]);
        return ExactMatrix.SmallestSingularValue(
            [.. Enumerable.Range(0, columns).Select(c => Enumerable.Range(0, rows).Select(r => (DoubleDouble)tall[r, c]).ToArray())]);
    }
}
