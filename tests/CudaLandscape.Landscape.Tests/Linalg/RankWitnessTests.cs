using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Landscape.Tests.Linalg;

/// <summary>The vector that shows σ_min to be small, multiplied with the matrix by plain loops.</summary>
[Collection("device")]
public sealed class RankWitnessTests
{
    [Theory]
    [InlineData(60, 40)]
    [InlineData(40, 60)]
    [InlineData(45, 45)]
    [InlineData(50, 3)]
    [InlineData(1, 9)]
    public void It_reaches_the_smallest_singular_value_in_every_orientation(int rows, int columns)
    {
        HostArray f = Matrices.Random(rows, columns, 21);
        (RankResult result, double[]? v) = Find(f);
        Assert.Equal(Math.Min(rows, columns), v!.Length);
        Assert.Equal(1, Length(v), 1e-14);
        double norm = Norm(f, v);
        Assert.InRange(norm, result.SigmaMin * (1 - 1e-9), result.UpperBound!.Value);
        Assert.Equal(result.SigmaMin, norm, 1e-6 * result.SigmaMin);
        Assert.InRange(result.Residual!.Value, 0, 1e-4 * result.SigmaMin);
        Assert.InRange(result.QrDeviation!.Value, 0, 10);
    }

    // A zero column in every place; the columns before it may depend on each other as well.
    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(19)]
    public void It_is_a_null_vector_of_a_matrix_with_a_zero_column(int column)
    {
        HostArray f = Matrices.Random(50, 20, 22);
        for (int r = 0; r < 50; r++) f[r, column] = 0;
        (RankResult result, double[]? v) = Find(f);
        Assert.Equal((19, 19), (result.RankLow, result.Rank));
        Assert.InRange(Norm(f, v!), 0, result.UpperBound!.Value);
        Assert.InRange(result.UpperBound.Value, 0, 2 * result.Eta);
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(1e-300)]
    public void It_belongs_to_the_unscaled_matrix(double scale)
    {
        HostArray f = Matrices.Random(30, 12, 23);
        HostArray scaled = f with { Values = Array.ConvertAll(f.Values, x => x * scale) };
        (RankResult result, double[]? v) = Find(scaled);
        Assert.Equal(Norm(f, v!), result.UpperBound!.Value / scale, 1e-10);
    }

    [Fact]
    public void A_zero_matrix_needs_none() => Assert.Null(Find(HostArray.Zeros([6, 4])).Vector);

    private static (RankResult Result, double[]? Vector) Find(HostArray f)
    {
        using TensorScope scope = new();
        Tensor matrix = ShortSideFirst.Of(f.ToTensor(TestDevices.Primary, DType.Float64));
        RankFinding finding = MatrixRank.FindInPlace(matrix, f.Shape[0], f.Shape[1]);
        return (finding.Result, finding.SmallestVector);
    }

    // ‖F v‖ for more rows than columns, else ‖Fᵀ v‖.
    private static double Norm(HostArray f, double[] v)
    {
        (int rows, int columns) = ((int)f.Shape[0], (int)f.Shape[1]);
        double[] product = new double[Math.Max(rows, columns)];
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++) product[rows > columns ? r : c] += f[r, c] * v[rows > columns ? c : r];
        }

        return Length(product);
    }

    private static double Length(double[] x) => Math.Sqrt(x.Sum(value => value * value));
}
