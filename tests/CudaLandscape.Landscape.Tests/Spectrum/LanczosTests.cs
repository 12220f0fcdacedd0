using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Landscape.Spectrum;
using CudaLandscape.Landscape.Tests.CriticalPoints;
using CudaLandscape.Landscape.Tests.Linalg;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;
using MathNet.Numerics.LinearAlgebra;

namespace CudaLandscape.Landscape.Tests.Spectrum;

[Collection("device")]
public sealed class LanczosTests
{
    [Fact]
    public void As_many_steps_as_the_dimension_give_every_eigenvalue()
    {
        using TensorScope scope = new();
        (Tensor matrix, double[] expected) = Symmetric(30, 1);
        using LanczosResult result = Lanczos.Run(SymmetricOperator.Of(matrix), 30, new RandomStream(1, 0));
        Close.Relative(expected, result.RitzValues, 1e-11, "eigenvalues");
        Assert.True(result.ResidualBounds.Max() < 1e-10);
        Assert.Equal(1, result.Weights.Sum(), 1e-12);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(25)]
    public void An_eigenvalue_lies_within_the_bound_of_each_Ritz_value(int steps)
    {
        using TensorScope scope = new();
        (Tensor matrix, double[] expected) = Symmetric(60, 2);
        using LanczosResult result = Lanczos.Run(SymmetricOperator.Of(matrix), steps, new RandomStream(2, 0));
        Assert.Equal(steps, result.Steps);
        for (int i = 0; i < steps; i++)
        {
            double distance = expected.Min(e => Math.Abs(e - result.RitzValues[i]));
            Assert.True(distance <= result.ResidualBounds[i] + 1e-12, $"{result.RitzValues[i]}: {distance} beyond {result.ResidualBounds[i]}");
            Tensor y = result.RitzVector(i);
            double residual = Residual(matrix, y, result.RitzValues[i]);
            Assert.Equal(result.ResidualBounds[i], residual, 1e-11);
        }
    }

    // Without reorthogonalisation the separated ends come back as copies long before 60 steps.
    [Fact]
    public void Converged_eigenvalues_are_not_found_twice()
    {
        using TensorScope scope = new();
        double[] values = [-1e3, .. Enumerable.Range(0, 98).Select(i => i / 98.0), 1e4];
        Tensor matrix = Rotated(values, 3);
        using LanczosResult result = Lanczos.Run(SymmetricOperator.Of(matrix), 60, new RandomStream(3, 0));
        Assert.Single(result.RitzValues, v => v > 5e3);
        Assert.Single(result.RitzValues, v => v < -5e2);
        Assert.Equal(1e4, result.RitzValues[^1], 1e-8);
    }

    [Fact]
    public void It_ends_when_the_space_is_invariant()
    {
        using TensorScope scope = new();
        Tensor matrix = Rotated([.. Enumerable.Repeat(2.0, 20), .. Enumerable.Repeat(-1.0, 10), 5], 4);
        using LanczosResult result = Lanczos.Run(SymmetricOperator.Of(matrix), 31, new RandomStream(4, 0));
        Close.Relative([-1, 2, 5], result.RitzValues, 1e-11, "distinct eigenvalues");
        Assert.Equal(new double[3], result.ResidualBounds);
        Assert.Equal(3, result.ToText(5).Split('\n').Length);
    }

    [Fact]
    public void The_extreme_eigenvalues_of_a_networks_Hessian_are_the_dense_ones()
    {
        using TensorScope scope = new();
        (ParameterSlab slab, Objective objective) = Functions.Network(Activation.Tanh, 6);
        using (slab)
        {
            CriticalPoint dense = CriticalPoint.At(objective);
            using Curvature curvature = new(objective);
            using LanczosResult result = Lanczos.Run(SymmetricOperator.Of(curvature), 26, new RandomStream(5, 0));
            Close.Relative([dense.Lowest, dense.Highest], [result.RitzValues[0], result.RitzValues[^1]], 1e-9, "extremes");
        }
    }

    [Fact]
    public void No_steps_other_matrices_and_products_that_are_not_finite_are_refused()
    {
        using TensorScope scope = new();
        (Tensor matrix, _) = Symmetric(4, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => Lanczos.Run(SymmetricOperator.Of(matrix), 0, default));
        Assert.Throws<ArgumentException>(() => SymmetricOperator.Of(matrix.Slice(0, 0, 2)));
        Tensor infinite = Tensor.Full(TestDevices.Primary, [4, 4], DType.Float64, double.NaN);
        Assert.Contains("step 1", Assert.Throws<ArithmeticException>(() => Lanczos.Run(SymmetricOperator.Of(infinite), 3, default)).Message);
    }

    internal static (Tensor Matrix, double[] Eigenvalues) Symmetric(int n, int seed)
    {
        Matrix<double> a = Matrix<double>.Build.DenseOfRowMajor(n, n, Matrices.Random(n, n, seed).Values);
        Matrix<double> symmetric = (a + a.Transpose()) / 2;
        double[] values = [.. symmetric.Evd(Symmetricity.Symmetric).EigenValues.Select(v => v.Real).Order()];
        return (Tensor.From<double>(TestDevices.Primary, [n, n], symmetric.ToColumnMajorArray()), values);
    }

    private static Tensor Rotated(double[] values, int seed)
    {
        int n = values.Length;
        Matrix<double> q = Matrix<double>.Build.DenseOfRowMajor(n, n, Matrices.Random(n, n, seed).Values).QR().Q;
        Matrix<double> a = q * Matrix<double>.Build.DenseOfDiagonalArray(values) * q.Transpose();
        return Tensor.From<double>(TestDevices.Primary, [n, n], a.ToColumnMajorArray());
    }

    private static double Residual(Tensor matrix, Tensor y, double value)
    {
        Tensor residual = matrix.MatMul(y.Reshape([y.ElementCount, 1])) - y.Reshape([y.ElementCount, 1]).Scale(value);
        return Math.Sqrt(residual.Square().Sum().Item());
    }
}
