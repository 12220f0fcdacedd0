using CudaLandscape.Landscape.Fitting;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;
using CudaLandscape.Tensors.Random;
using MathNet.Numerics.LinearAlgebra;

namespace CudaLandscape.Landscape.Tests.Fitting;

[Collection("device")]
public sealed class LevenbergMarquardtTests
{
    // A linear model, so the minimum is that of least squares, which is not zero with more equations than parameters.
    [Fact]
    public void A_linear_model_ends_at_the_least_squares_solution()
    {
        Linear model = new("fc", 3, 1);
        using ParameterSlab slab = Draw(model);
        using TensorScope scope = new();
        (Tensor x, Tensor y) = (Normal([10, 3], 1), Normal([10, 1], 2));
        LevenbergMarquardtResult result = LevenbergMarquardt.Minimise(model, slab, x, y, 100, 1e-10);
        Matrix<double> a = Matrix<double>.Build.DenseOfRowMajor(10, 3, x.ToArray<double>()).Append(Matrix<double>.Build.Dense(10, 1, 1));
        Vector<double> target = Vector<double>.Build.Dense(y.ToArray<double>()), v = a.QR().Solve(target);
        double expected = Math.Pow((a * v - target).L2Norm(), 2) / 2;
        Assert.InRange(expected, 0.1, 100);
        Assert.Equal(expected, result.Loss, 1e-10);
        Assert.InRange(result.GradientNorm, 0, 1e-10);
    }

    [Fact]
    public void A_wide_network_is_driven_to_rounding_and_the_gradient_is_the_engine_s()
    {
        Sequential model = new([2], new Linear(2, 12), Activation.Sigmoid, new Linear(12, 1));
        using ParameterSlab slab = Draw(model);
        using TensorScope scope = new();
        (Tensor x, Tensor y) = (Normal([6, 2], 3), Normal([6, 1], 4));
        double first = double.NaN, expected = GradientNorm(model, slab, x, y);
        LevenbergMarquardtResult result = LevenbergMarquardt.Minimise(model, slab, x, y, 200, 1e-12, (_, g) => first = double.IsNaN(first) ? g : first);
        Assert.Equal(expected, first, 1e-11);
        Assert.InRange(result.GradientNorm, 0, 1e-12);
        Assert.InRange(result.Loss, 0, 1e-22);
    }

    [Fact]
    public void Samples_that_are_not_finite_stop_it_by_name()
    {
        Linear model = new("fc", 1, 1);
        using ParameterSlab slab = Draw(model);
        using TensorScope scope = new();
        Tensor x = Tensor.Full(TestDevices.Primary, [2, 1], DType.Float64, double.NaN);
        Assert.Contains("NaN at step 0", Assert.Throws<ArithmeticException>(
            () => LevenbergMarquardt.Minimise(model, slab, x, Normal([2, 1], 1), 5, 0)).Message);
    }

    private static double GradientNorm(Module model, ParameterSlab slab, Tensor x, Tensor y)
    {
        Tensor loss = (model.Forward(x) - y).Square().Sum().Scale(0.5);
        return Math.Sqrt(Gradient.Of(loss, slab.Tensors).Sum(g => g.ToArray<double>().Sum(v => v * v)));
    }

    private static ParameterSlab Draw(Module model) =>
        ParameterSlab.Initialize(model, TestDevices.Primary, DType.Float64, Initializer.Parse("normal=1"), 1);

    private static Tensor Normal(Shape shape, ulong seed) =>
        RandomTensor.Normal(TestDevices.Primary, shape, DType.Float64, new RandomStream(seed, 7));
}
