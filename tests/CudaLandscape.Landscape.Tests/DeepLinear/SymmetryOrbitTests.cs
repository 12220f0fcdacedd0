using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Landscape.DeepLinear;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.Tests.DeepLinear;

[Collection("device")]
public sealed class SymmetryOrbitTests
{
    [Theory]
    [InlineData(new long[] { 2 }, 4)]
    [InlineData(new long[] { 2, 2 }, 8)]
    [InlineData(new long[] { 3, 2, 3 }, 22)]
    public void Images_have_the_same_loss_at_another_place_and_tangents_are_flat(long[] hidden, int dimension)
    {
        using TensorScope scope = new();
        using DeepLinearProblem problem = Problems.Small();
        using DeepLinearNetwork network = DeepLinearNetwork.Random(problem, hidden, new RandomStream(3, 0));
        using DeepLinearNetwork image = SymmetryOrbit.Move(network, 0.4, new RandomStream(4, 0));
        double loss = network.Objective.Value();
        Assert.Equal(loss, image.Objective.Value(), 1e-11 * loss);
        Assert.True((network.Objective.Point() - image.Objective.Point()).Norm().Item() > 0.3);
        Assert.Equal(dimension, SymmetryOrbit.Dimension(network));
        Tensor slopes = SymmetryOrbit.Tangents(network).MatMul(network.Objective.Gradient().Gradient.Reshape([network.Objective.Dimension, 1]));
        Assert.InRange(slopes.MaxAbs().Item(), 0, 1e-11 * loss);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void At_the_best_product_the_Hessian_is_zero_along_the_orbit_and_nowhere_else(long width)
    {
        using TensorScope scope = new();
        using DeepLinearProblem problem = Problems.Small();
        using DeepLinearNetwork network = DeepLinearPoints.OfSubset(problem, [width], [.. Enumerable.Range(0, (int)width)], new RandomStream(5, 0));
        CriticalPoint point = CriticalPoint.At(network.Objective);
        Assert.Equal((0, (int)(width * width)), (point.Index, point.Nullity));
        Assert.Equal(width * width, SymmetryOrbit.Dimension(network));
    }

    // Of a layer wider than both neighbours, transformations that move neither weight have (r - d_x) (r - d_y) dimensions.
    [Fact]
    public void Transformations_that_move_nothing_do_not_count()
    {
        using TensorScope scope = new();
        using DeepLinearProblem problem = Problems.Small();
        using DeepLinearNetwork network = DeepLinearNetwork.Random(problem, [7], new RandomStream(3, 0));
        Assert.Equal(49 - (7 - problem.Inputs) * (7 - problem.Outputs), SymmetryOrbit.Dimension(network));
    }

    [Fact]
    public void The_origin_is_an_orbit_of_one_point_and_another_transformation_changes_the_loss()
    {
        using TensorScope scope = new();
        using DeepLinearProblem problem = Problems.Small();
        using DeepLinearNetwork origin = DeepLinearPoints.WithZeros(problem, [2], [1, 2], new RandomStream(6, 0));
        Assert.Equal(0, SymmetryOrbit.Dimension(origin));
        using DeepLinearNetwork network = DeepLinearNetwork.Random(problem, [2], new RandomStream(7, 0));
        using DeepLinearNetwork image = SymmetryOrbit.Move(network, 0.4, new RandomStream(8, 0));
        using DeepLinearNetwork half = new(problem, [image.Weight(1), network.Weight(2)]);
        Assert.True(Math.Abs(half.Objective.Value() - network.Objective.Value()) > 1e-2);
    }
}
