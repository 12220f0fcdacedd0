using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Landscape.Tests.Linalg;

/// <summary>Singular values that a library got wrong are told by their squares.</summary>
[Collection("device")]
public sealed class AllSingularValuesTests
{
    [Fact]
    public void Values_are_taken_when_their_squares_add_up_to_those_of_the_entries()
    {
        double[] sigma = [12, 4, 3];
        Assert.Same(sigma, AllSingularValues.Require(sigma, 13 * (1 + 1e-12)));
        Assert.Equal([0], AllSingularValues.Require([0], 0));
    }

    [Theory]
    [InlineData(12, 4, 0)]
    [InlineData(12, 4.0001, 3)]
    [InlineData(-12.1, 4, 3)]
    [InlineData(double.NaN, 4, 3)]
    public void Others_are_refused_with_both_norms(double first, double second, double third)
    {
        string message = Assert.Throws<ArithmeticException>(() => AllSingularValues.Require([first, second, third], 13)).Message;
        Assert.Contains("Xgesvd's 3 singular values are wrong", message, StringComparison.Ordinal);
        Assert.Contains("expected the matrix' norm 13.", message, StringComparison.Ordinal);
    }

    // Of a [3,5] tensor the matrix is what begins the rows; the rest is no part of it.
    [Fact]
    public void The_norm_is_that_of_the_matrix_and_not_of_what_lies_behind_it()
    {
        using Tensor a = Tensor.From<double>(TestDevices.Primary, [3, 5], [1, 0, 0, 9, 9, 2, 2, 0, 9, 9, 4, 4, 8, 9, 9], "a");
        Assert.Equal(Math.Sqrt(1 + 4 + 4 + 16 + 16 + 64), Factorizations.FrobeniusNorm(a), 1e-14);
    }
}
