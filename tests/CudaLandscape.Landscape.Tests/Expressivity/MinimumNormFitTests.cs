using CudaLandscape.Landscape.Expressivity;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;
using MathNet.Numerics.LinearAlgebra;

namespace CudaLandscape.Landscape.Tests.Expressivity;

[Collection("device")]
public sealed class MinimumNormFitTests
{
    [Theory]
    [InlineData(5, 9, 1)]
    [InlineData(20, 21, 3)]
    [InlineData(7, 7, 2)]
    public void It_is_the_pseudoinverse_of_another_library(int rows, int columns, int targets)
    {
        using TensorScope scope = new();
        (Tensor f, Tensor y) = (Normal([rows, columns], 1), Normal([rows, targets], 2));
        Matrix<double> expected = Dense(f).PseudoInverse() * Dense(y);
        Assert.InRange((Dense(MinimumNormFit.Solve(f, y)) - expected).Enumerate().Max(e => Math.Abs(e)), 0, 1e-9);
    }

    [Fact]
    public void With_a_ridge_it_is_the_regularised_solution()
    {
        using TensorScope scope = new();
        (Tensor f, Tensor y) = (Normal([9, 4], 1), Normal([9, 2], 2));
        Matrix<double> a = Dense(f), normal = a.TransposeThisAndMultiply(a) + 0.3 * Matrix<double>.Build.DenseIdentity(4);
        Matrix<double> expected = normal.Solve(a.TransposeThisAndMultiply(Dense(y)));
        Assert.InRange((Dense(MinimumNormFit.Solve(f, y, ridge: 0.3)) - expected).Enumerate().Max(e => Math.Abs(e)), 0, 1e-12);
        Tensor predicted = RandomHiddenLayer.Predict(f, y, f, ridge: 0.3 / f.MatMul(f, transposeA: true).MaxAbs().Item());
        Assert.InRange((Dense(predicted) - a * expected).Enumerate().Max(e => Math.Abs(e)), 0, 1e-12);
    }

    [Fact]
    public void Features_of_a_rank_below_N_are_refused()
    {
        using TensorScope scope = new();
        Assert.Throws<ArithmeticException>(() => MinimumNormFit.Solve(Tensor.Zeros(TestDevices.Primary, [3, 5], DType.Float64), Normal([3, 1], 2)));
    }

    private static Tensor Normal(Shape shape, ulong seed) =>
        RandomTensor.Normal(TestDevices.Primary, shape, DType.Float64, new RandomStream(seed, 7));

    private static Matrix<double> Dense(Tensor t) =>
        Matrix<double>.Build.DenseOfRowMajor((int)t.Shape[0], (int)t.Shape[1], t.ToArray<double>());
}
