using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace CudaLandscape.Landscape.Tests.CriticalPoints;

[Collection("device")]
public sealed class CurvatureTests
{
    public static TheoryData<string> Activations => ["Sigmoid", "Tanh", "Softplus"];

    [Theory, MemberData(nameof(Activations))]
    public void The_Hessian_of_a_network_is_that_of_finite_differences(string activation)
    {
        using TensorScope scope = new();
        (ParameterSlab slab, Objective objective) = Functions.Network(Named(activation), 3);
        using (slab)
        {
            double[,] expected = Functions.FiniteDifferenceHessian(objective);
            using Curvature curvature = new(objective);
            Assert.Equal(26, objective.Dimension);
            Close.ToScale([.. expected.Cast<double>()], curvature.Hessian().ToArray<double>(), 1e-8, 1, activation);
        }
    }

    [Fact]
    public void Eigenvalues_index_and_nullity_are_those_of_an_independent_dense_solver()
    {
        using TensorScope scope = new();
        (ParameterSlab slab, Objective objective) = Functions.Network(Activation.Tanh, 4);
        using (slab)
        {
            CriticalPoint point = CriticalPoint.At(objective, 1e-5);
            double[,] hessian = Functions.FiniteDifferenceHessian(objective);
            double[] expected = [.. Matrix<double>.Build.DenseOfArray(hessian).Evd(Symmetricity.Symmetric).EigenValues.Select(v => v.Real).Order()];
            Close.ToScale(expected, point.Eigenvalues, 1e-8, 1, "eigenvalues");
            Assert.Equal(expected.Count(v => v < -point.Tolerance), point.Index);
            Assert.True(point.Index > 0, "a random point of this network has directions of negative curvature");
            Assert.Equal(26, point.Index + point.Nullity + point.Eigenvalues.Count(v => v > point.Tolerance));
        }
    }

    [Fact]
    public void A_loss_that_is_linear_has_no_curvature()
    {
        using TensorScope scope = new();
        Objective objective = Functions.Of([1, 2, 3], p => p.Sum());
        using Curvature curvature = new(objective);
        Assert.Equal(new double[9], curvature.Hessian().ToArray<double>());
        Assert.Equal(Math.Sqrt(3), curvature.GradientNorm, 1e-15);
    }

    [Fact]
    public void A_record_of_another_point_is_refused()
    {
        using TensorScope scope = new();
        Objective objective = Functions.DoubleWell(1, 1);
        using Curvature curvature = new(objective);
        objective.MoveTo(Tensor.Zeros(objective.Device, [2], DType.Float64));
        Assert.Throws<InvalidOperationException>(() => curvature.Hessian());
    }

    [Fact]
    public void Float32_parameters_wrong_sizes_and_losses_that_are_not_finite_are_refused()
    {
        using TensorScope scope = new();
        Tensor single = Tensor.Zeros(TestDevices.Primary, [2], DType.Float32).RequireGradient();
        Assert.Throws<ArgumentException>(() => new Objective([single], () => single.Sum()));
        Assert.Throws<ArgumentException>(() => new Objective([], () => single.Sum()));
        Objective objective = Functions.Of([-1, 1], p => p.Log().Sum());
        Assert.Throws<ArgumentException>(() => objective.MoveTo(Tensor.Zeros(objective.Device, [3], DType.Float64)));
        Assert.Throws<ArithmeticException>(() => new Curvature(objective));
    }

    private static Activation Named(string name) =>
        name switch { "Sigmoid" => Activation.Sigmoid, "Tanh" => Activation.Tanh, _ => Activation.Softplus() };
}
