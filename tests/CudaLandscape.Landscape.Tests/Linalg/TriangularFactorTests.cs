using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Landscape.Tests.Linalg;

/// <summary>A rank in two halves, with R carried from one to the other column by column.</summary>
[Collection("device")]
public sealed class TriangularFactorTests
{
    [Theory]
    [InlineData(40, 17)]
    [InlineData(17, 40)]
    [InlineData(23, 23)]
    [InlineData(1, 5)]
    public void A_rank_from_carried_columns_is_that_from_the_factor_itself(int rows, int columns)
    {
        using Tensor matrix = Matrix(rows, columns), same = Matrix(rows, columns);
        using TriangularFactor factor = MatrixRank.Factor(matrix, rows, columns, seed: 3);
        using TriangularFactor carried = TriangularFactor.Empty(TestDevices.Primary, rows, columns, factor.Exponent, factor.Deviation);
        long half = factor.Size / 2;
        foreach ((long first, long last) in (IEnumerable<(long, long)>)[(half, factor.Size), (0, half)])
            carried.SetColumns(first, last, factor.GetColumns(first, last));
        RankResult whole = MatrixRank.FindInPlace(same, rows, columns, seed: 3).Result, found = MatrixRank.Find(carried, seed: 3).Result;
        Assert.Equal(factor.PackedBytes, 8 * TriangularFactor.PackedCount(0, factor.Size));
        Assert.Equal(whole.SigmaMax, found.SigmaMax, 1e-14 * whole.SigmaMax);
        Assert.Equal(whole.SigmaMin, found.SigmaMin, 1e-14 * whole.SigmaMax);
        Assert.Equal((whole.Rank, whole.Rows, whole.Columns, whole.QrDeviation), (found.Rank, found.Rows, found.Columns, found.QrDeviation));
    }

    // 300 columns are moved in three parts; where the matrix is nearly square their old and new places overlap.
    [Theory]
    [InlineData(301, 300)]
    [InlineData(300, 430)]
    [InlineData(5, 2)]
    [InlineData(7, 7)]
    public void Moved_together_R_has_the_same_columns(int rows, int columns)
    {
        using Tensor matrix = Matrix(rows, columns);
        using TriangularFactor factor = MatrixRank.Factor(matrix, rows, columns);
        double[] before = factor.GetColumns(0, factor.Size);
        using SpareMemory? spare = factor.Compact();
        Assert.Equal((factor.Size, factor.Size), (factor.R.Shape[0], factor.R.Shape[1]));
        Assert.Equal(before, factor.GetColumns(0, factor.Size));
    }

    [Fact]
    public void A_column_that_is_lost_changes_the_rank()
    {
        using Tensor matrix = Matrix(30, 12);
        using TriangularFactor factor = MatrixRank.Factor(matrix, 30, 12);
        using TriangularFactor carried = TriangularFactor.Empty(TestDevices.Primary, 30, 12, factor.Exponent, factor.Deviation);
        carried.SetColumns(0, 11, factor.GetColumns(0, 11));
        Assert.Equal(11, MatrixRank.Find(carried).Result.Rank);
    }

    [Fact]
    public void A_zero_matrix_has_nothing_to_factor_and_rank_0()
    {
        using Tensor zeros = Tensor.Zeros(TestDevices.Primary, [3, 4], DType.Float64, "zeros");
        using TriangularFactor factor = MatrixRank.Factor(zeros, 4, 3);
        Assert.True(factor.IsZero);
        Assert.Equal((RankMethod.ZeroMatrix, 0), (MatrixRank.Find(factor).Result.Method, MatrixRank.Find(factor).Result.Rank));
    }

    [Fact]
    public void Columns_of_another_length_are_refused()
    {
        using TriangularFactor factor = TriangularFactor.Empty(TestDevices.Primary, 9, 5, 0, 0);
        Assert.Contains("have 9 numbers, got 8", Assert.Throws<ArgumentException>(() => factor.SetColumns(3, 5, new double[8])).Message);
    }

    // Entries of size 1000, so that the scaling is not 1.
    private static Tensor Matrix(int rows, int columns)
    {
        System.Random random = new(rows * 100 + columns);
        double[] values = [.. Enumerable.Range(0, rows * columns).Select(_ => 2000 * random.NextDouble() - 1000)];
        return ShortSideFirst.Of(Tensor.From<double>(TestDevices.Primary, [rows, columns], values, "F"));
    }
}
