using CudaLandscape.Landscape.DeepLinear;
using CudaLandscape.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace CudaLandscape.Landscape.Tests.DeepLinear;

[Collection("device")]
public sealed class DeepLinearProblemTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_optimal_loss_is_that_of_an_independent_computation(int p)
    {
        using DeepLinearProblem problem = Problems.Small();
        Assert.Equal(Problems.OptimalLoss(problem, p), problem.OptimalLoss(p), 1e-11);
    }

    [Fact]
    public void Projections_ranks_and_Kronecker_products_are_MathNets()
    {
        using TensorScope scope = new();
        Tensor a = TestData.Spread([4, 3], 1).ToTensor(TestDevices.Primary, DType.Float64);
        Tensor b = TestData.Spread([2, 5], 2).ToTensor(TestDevices.Primary, DType.Float64);
        Tensor deficient = a.MatMul(TestData.Spread([3, 2], 3).ToTensor(TestDevices.Primary, DType.Float64))
            .MatMul(TestData.Spread([2, 6], 4).ToTensor(TestDevices.Primary, DType.Float64));
        Matrix<double> host = Problems.Host(deficient);
        Equal(Problems.Host(a).PseudoInverse(), SmallMatrices.PseudoInverse(a));
        Equal(host * host.PseudoInverse(), SmallMatrices.RangeProjection(deficient));
        Equal(Matrix<double>.Build.DenseIdentity(6) - host.PseudoInverse() * host, SmallMatrices.NullProjection(deficient));
        Equal(Problems.Host(a).KroneckerProduct(Problems.Host(b)), SmallMatrices.Kronecker(a, b));
        Assert.Equal((3, 2, 0), (SmallMatrices.Rank(a), SmallMatrices.Rank(deficient), SmallMatrices.Rank(a.Scale(0))));
    }

    [Fact]
    public void Data_without_full_row_rank_and_wrong_shapes_are_refused()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.Full(TestDevices.Primary, [3, 5], DType.Float64, 1), y = Tensor.Full(TestDevices.Primary, [2, 5], DType.Float64, 1);
        Assert.Contains("full row rank", Assert.Throws<ArithmeticException>(() => new DeepLinearProblem(x, y)).Message);
        Assert.Throws<ArgumentException>(() => new DeepLinearProblem(x, y.Transpose()));
        using DeepLinearProblem problem = Problems.Small();
        Assert.Throws<ArgumentException>(() => problem.Subspace([0, 0]));
        Assert.Throws<ArgumentException>(() => problem.Subspace([3]));
        Assert.Throws<ArgumentException>(() => new DeepLinearNetwork(problem, [x]));
        Assert.Throws<ArgumentException>(() => DeepLinearPoints.OfProduct(problem, [2], problem.LeastSquares));
    }

    private static void Equal(Matrix<double> expected, Tensor actual) =>
        Close.ToScale([.. expected.ToRowArrays().SelectMany(r => r)], actual.ToArray<double>(), 1e-12, 1, actual.Name);
}
