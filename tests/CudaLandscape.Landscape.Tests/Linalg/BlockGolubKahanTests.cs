using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Landscape.Tests.Linalg;

/// <summary>The largest singular value by bases too small for the whole iteration.</summary>
[Collection("device")]
public sealed class BlockGolubKahanTests
{
    private const int Size = 300;

    // Values that lie close together need more steps than 24 vectors hold.
    [Theory]
    [InlineData(24)]
    [InlineData(48)]
    [InlineData(64)]
    public void Full_bases_are_replaced_by_their_best_half_and_the_iteration_goes_on(int vectors)
    {
        using TensorScope scope = new();
        double[] sigma = [.. Enumerable.Range(0, Size).Select(i => 1 - 0.9 * i / Size)];
        ILinearOperator forward = Problem(sigma).Forward;
        BlockGolubKahan.Outcome found = BlockGolubKahan.Largest(forward, vectors, 1e-10, new(1, 1)), whole = BlockGolubKahan.Largest(forward, Size, 1e-10, new(1, 1));
        Assert.True(found.Converged && found.Steps * 8 > vectors, $"{found.Steps} steps needed no restart");
        Assert.Equal(1, found.Value, 1e-8);
        Assert.Equal(whole.Value, found.Value, 1e-8);
        Assert.InRange(whole.Steps, 1, found.Steps);
        AssertLeft(forward, found.Left, 1e-3);
    }

    // Nothing is left to go on with: the iteration continues with random vectors.
    [Fact]
    public void A_flat_spectrum_breaks_the_block_down_and_is_found()
    {
        using TensorScope scope = new();
        BlockGolubKahan.Outcome found = BlockGolubKahan.Largest(Problem([.. Enumerable.Repeat(0.7, Size)]).Forward, 16, 1e-10, new(1, 1));
        Assert.True(found.Converged);
        Assert.Equal(0.7, found.Value, 1e-14);
    }

    [Fact]
    public void An_iteration_that_does_not_settle_says_so_after_its_steps()
    {
        using TensorScope scope = new();
        double[] sigma = [.. Enumerable.Range(0, Size).Select(i => 1 - 0.1 * i / Size)];
        BlockGolubKahan.Outcome found = BlockGolubKahan.Largest(Problem(sigma).Forward, 16, 1e-16, new(1, 1), maxSteps: 9);
        Assert.Equal((9, false), (found.Steps, found.Converged));
        Assert.InRange(found.Value, 0.95, 1);
    }

    [Theory]
    [InlineData(60_000, 67_600, 480)]
    [InlineData(3_000, 3_380, 136)]
    [InlineData(3_380, 3_000, 136)]
    [InlineData(100, 90, 64)]
    [InlineData(5, 900, 5)]
    public void Both_bases_are_a_twelfth_of_the_matrix(long rows, long columns, long vectors) => Assert.Equal(vectors, BlockGolubKahan.VectorsFor(rows, columns));

    // ‖Aᵀ q‖ = σ for the vector of the largest value.
    private static void AssertLeft(ILinearOperator a, double[] q, double tolerance)
    {
        Assert.Equal(1, Vectors.Norm(q), 1e-12);
        Assert.Equal(1, Vectors.Norm(a.ApplyTransposed(Tensor.From<double>(a.Device, [1, q.Length], q)).ToArray<double>()), tolerance);
    }

    private static RankProblem Problem(double[] sigma)
    {
        Tensor matrix = ShortSideFirst.Of(Matrices.Reflected(Size, sigma, 3).ToTensor(TestDevices.Primary, DType.Float64));
        Factorizations.Triangularize(matrix);
        return new RankProblem(matrix, Size, Size, 1, null);
    }
}
