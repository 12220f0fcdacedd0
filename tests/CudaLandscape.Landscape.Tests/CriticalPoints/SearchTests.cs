using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.Tests.CriticalPoints;

[Collection("device")]
public sealed class SearchTests
{
    public static TheoryData<string, double, double, double, int> Starts => new()
    {
        { "dense", 1.2, 0.4, 1, 0 },
        { "dense", -0.9, -2, -1, 0 },
        { "dense", 0.2, 0.7, 0, 1 },
        { "krylov", 1.2, 0.4, 1, 0 },
        { "krylov", 0.2, 0.7, 0, 1 },
    };

    [Theory, MemberData(nameof(Starts))]
    public void Critical_points_of_any_index_are_found(string step, double x, double y, double expected, int index)
    {
        using TensorScope scope = new();
        Objective objective = Functions.DoubleWell(x, y);
        SearchReport report = GradientNormMinimizer.Run(objective, step == "dense" ? new DenseNewtonStep() : new KrylovNewtonStep());
        Assert.True(report.Converged, $"{report}");
        Close.Relative([expected, 0], objective.Point().ToArray<double>(), 1e-11, "point");
        Assert.Equal(index, CriticalPoint.At(objective).Index);
    }

    [Fact]
    public void Points_of_a_circle_of_minima_are_found_in_a_few_steps()
    {
        using TensorScope scope = new();
        Objective objective = Functions.Circle(0.9, 0.8);
        SearchReport report = GradientNormMinimizer.Run(objective);
        Assert.True(report.Converged && report.Steps <= 12, $"{report}");
        CriticalPoint point = CriticalPoint.At(objective);
        Assert.Equal((0, 1), (point.Index, point.Nullity));
    }

    [Fact]
    public void A_function_without_critical_points_is_reported_so()
    {
        using TensorScope scope = new();
        SearchReport report = GradientNormMinimizer.Run(Functions.Of([1, 2], p => p.Exp().Sum() + p.Sum()));
        Assert.False(report.Converged);
    }

    [Fact]
    public void A_descent_and_its_polish_reach_a_minimum_of_a_network()
    {
        using TensorScope scope = new();
        (ParameterSlab slab, Objective objective) = Functions.Network(Activation.Tanh, 5);
        using (slab)
        {
            double start = objective.Value();
            SearchReport descent = GradientDescent.Run(objective, 1e-4, 3000);
            Assert.True(descent.Value < 0.2 * start, $"{descent}");
            SearchReport polish = GradientNormMinimizer.Run(objective);
            Assert.True(polish.Converged && polish.GradientNorm < 1e-12, $"{polish}");
            Assert.Equal(0, CriticalPoint.At(objective).Index);
        }
    }

    [Fact]
    public void A_descent_ends_at_the_bottom_of_a_quadratic_and_never_rises()
    {
        using TensorScope scope = new();
        Tensor scales = Tensor.From<double>(TestDevices.Primary, [3], [1, 10, 100]);
        Objective objective = Functions.Of([1, -2, 3], p => (p.Square() * scales).Sum());
        double last = objective.Value();
        for (int i = 0; i < 20; i++)
        {
            SearchReport report = GradientDescent.Run(objective, 1e-10, 5);
            Assert.True(report.Value <= last, $"{report.Value} after {last}");
            last = report.Value;
        }

        Assert.True(last < 1e-18, $"{last}");
    }

    [Fact]
    public void A_perturbed_critical_point_has_a_gradient()
    {
        using TensorScope scope = new();
        Assert.Equal(0, CriticalPoint.At(Functions.DoubleWell(1, 0)).GradientNorm);
        Assert.InRange(CriticalPoint.At(Functions.DoubleWell(1 + 1e-6, 0)).GradientNorm, 1.9e-6, 2.1e-6);
    }
}
