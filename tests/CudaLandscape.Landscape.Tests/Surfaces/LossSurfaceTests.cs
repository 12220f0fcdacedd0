using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Landscape.Surfaces;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.Tests.Surfaces;

[Collection("device")]
public sealed class LossSurfaceTests
{
    private static readonly double[] s_steps = [-1, -0.3, 0, 0.5, 1];

    [Theory]
    [InlineData(DType.Float64, 1e-12)]
    [InlineData(DType.Float32, 1e-5)]
    public void The_surface_of_a_quadratic_is_that_of_the_formula(DType type, double tolerance)
    {
        using QuadraticModel net = new(type);
        using TensorScope scope = new();
        Tensor origin = net.Parameters.Values.Scale(1);
        Tensor first = Directions.FilterNormalised(net.Parameters, new RandomStream(1, 100)), second = Directions.FilterNormalised(net.Parameters, new RandomStream(1, 200));
        LossSurface surface = new(net.Loss, origin, first, second);
        double[] o = Read(origin), d = Read(first), e = Read(second);
        foreach (double x in s_steps)
        {
            foreach (double y in s_steps)
            {
                double expected = net.LossOf([.. o.Select((v, i) => v + x * d[i] + y * e[i])]);
                Assert.Equal(expected, surface.At(x, y).Loss, tolerance * Math.Max(1, expected));
            }
        }
    }

    [Fact]
    public void A_point_has_the_same_bits_whatever_was_computed_before()
    {
        using QuadraticModel net = new(DType.Float32);
        using TensorScope scope = new();
        LossSurface surface = new(net.Loss, net.Parameters.Values.Scale(1), Directions.FilterNormalised(net.Parameters, new RandomStream(1, 100)));
        var before = surface.At(0.3);
        surface.At(-7);
        Assert.Equal(before, surface.At(0.3));
    }

    [Fact]
    public void Every_filter_of_a_direction_is_as_long_as_that_of_the_weights_and_biases_stay()
    {
        using QuadraticModel net = new(DType.Float64);
        using TensorScope scope = new();
        double[] w = Read(net.Parameters.Values), d = Read(Directions.FilterNormalised(net.Parameters, new RandomStream(1, 100)));
        for (int row = 0; row < 3; row++)
            Assert.Equal(Norm(w[(4 * row)..(4 * row + 4)]), Norm(d[(4 * row)..(4 * row + 4)]), 1e-14);
        Assert.All(d[12..], v => Assert.Equal(0, v));
        Assert.NotEqual(d, Read(Directions.FilterNormalised(net.Parameters, new RandomStream(1, 101))));
    }

    // Along a unit eigenvector of the Hessian a quadratic has the eigenvalue as its second derivative, and no mixed one.
    [Fact]
    public void Along_eigenvectors_the_curvature_is_the_eigenvalue()
    {
        using QuadraticModel net = new(DType.Float64);
        using TensorScope scope = new();
        using Curvature curvature = new(net.Objective);
        double[] eigenvalues = curvature.Hessian().SymmetricEigenvalues().ToArray<double>();
        var found = Directions.Eigenvectors(net.Parameters, curvature, 2, 15, new RandomStream(1, 7));
        LossSurface surface = new(net.Loss, net.Parameters.Values.Scale(1), found[0].Direction, found[1].Direction);
        double f = surface.At(0, 0).Loss;
        Assert.Equal(found[0].Eigenvalue, surface.At(1, 0).Loss - 2 * f + surface.At(-1, 0).Loss, 1e-10);
        Assert.Equal(found[1].Eigenvalue, surface.At(0, 1).Loss - 2 * f + surface.At(0, -1).Loss, 1e-10);
        Assert.Equal(0, surface.At(1, 1).Loss - surface.At(1, 0).Loss - surface.At(0, 1).Loss + f, 1e-10);
        Assert.Equal(eigenvalues[^1], found[0].Eigenvalue, 1e-10);
    }

    [Fact]
    public void Between_two_points_0_is_the_one_and_1_the_other()
    {
        using QuadraticModel net = new(DType.Float64);
        using TensorScope scope = new();
        Tensor origin = net.Parameters.Values.Scale(1), other = origin.Scale(-2);
        LossSurface surface = new(net.Loss, origin, Directions.Between(origin, other));
        Assert.Equal(net.LossOf(Read(origin)), surface.At(0).Loss, 1e-12);
        Assert.Equal(net.LossOf(Read(other)), surface.At(1).Loss, 1e-12);
        Assert.Throws<ArgumentException>(() => Directions.Between(origin, origin.Cast(DType.Float32)));
    }

    [Fact]
    public void A_loss_that_is_not_finite_names_its_place_and_a_line_has_no_second_axis()
    {
        using QuadraticModel net = new(DType.Float32);
        using TensorScope scope = new();
        LossSurface surface = new(net.Loss, net.Parameters.Values.Scale(1), Directions.FilterNormalised(net.Parameters, new RandomStream(1, 100)));
        Assert.Contains("(x, y) = (1E+30, 0)", Assert.Throws<ArithmeticException>(() => surface.At(1e30)).Message);
        Assert.Contains("no second direction", Assert.Throws<ArgumentException>(() => surface.At(1, 1)).Message);
    }

    private static double[] Read(Tensor tensor) => tensor.Cast(DType.Float64).ToArray<double>();

    private static double Norm(double[] v) => Math.Sqrt(v.Sum(x => x * x));
}
