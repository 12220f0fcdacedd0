using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Landscape.DeepLinear;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.Tests.DeepLinear;

[Collection("device")]
public sealed class DeepLinearPointsTests
{
    public static TheoryData<long[], int[], bool> Subsets => new()
    {
        { [2], [0, 1], true },
        { [2], [1, 2], false },
        { [2, 2], [0, 1], true },
        { [2, 3], [1, 2], false },
        { [3, 2, 2], [0, 2], false },
    };

    [Theory, MemberData(nameof(Subsets))]
    public void Points_of_a_subset_are_critical_and_strict_saddles_unless_the_subset_leads(long[] hidden, int[] subset, bool minimum)
    {
        using TensorScope scope = new();
        using DeepLinearProblem problem = Problems.Small();
        using DeepLinearNetwork network = DeepLinearPoints.OfSubset(problem, hidden, subset, new RandomStream(3, 0));
        CriticalPoint point = CriticalPoint.At(network.Objective);
        Assert.True(point.GradientNorm < 1e-11, $"gradient {point.GradientNorm}");
        Assert.Equal(problem.LossOf(subset), point.Value, 1e-10);
        Assert.Equal(minimum, point.Index == 0);
        Assert.True(CriticalPointConditions.ProductError(network) < 1e-12);
        Assert.Equal(minimum, CriticalPointConditions.ProjectionAlternative(network) < 1e-9);
    }

    [Theory]
    [InlineData(new long[] { 2 }, 11)]
    [InlineData(new long[] { 2, 3 }, 12)]
    public void Descent_reaches_the_optimal_loss(long[] hidden, ulong seed)
    {
        using TensorScope scope = new();
        using DeepLinearProblem problem = Problems.Small();
        using DeepLinearNetwork network = DeepLinearNetwork.Random(problem, hidden, new RandomStream(seed, 0));
        GradientDescent.Run(network.Objective, 1e-5);
        Assert.True(GradientNormMinimizer.Run(network.Objective).Converged);
        CriticalPoint point = CriticalPoint.At(network.Objective);
        Assert.Equal(Problems.OptimalLoss(problem, 2), point.Value, 1e-10);
        Assert.Equal(0, point.Index);
        Assert.True(CriticalPointConditions.RankAlternative(network) < 1e-10);
        Assert.True(CriticalPointConditions.ProjectionAlternative(network) < 1e-9);
    }

    [Fact]
    public void Bad_saddles_have_no_curvature_from_three_hidden_layers_on_but_with_two_they_have()
    {
        using TensorScope scope = new();
        using DeepLinearProblem problem = Problems.Small();
        using DeepLinearNetwork three = DeepLinearPoints.WithZeros(problem, [2, 2, 2], [1, 2, 3], new RandomStream(4, 0));
        CriticalPoint flat = CriticalPoint.At(three.Objective);
        Assert.Equal((0, 0, 0), (flat.GradientNorm, flat.Lowest, flat.Highest));
        using DeepLinearNetwork two = DeepLinearPoints.WithZeros(problem, [2, 2], [1, 2], new RandomStream(4, 0));
        CriticalPoint saddle = CriticalPoint.At(two.Objective);
        Assert.Equal(0, saddle.GradientNorm);
        Assert.True(saddle.Lowest < -0.1 && Math.Abs(saddle.Lowest + saddle.Highest) < 1e-11, $"{saddle.Lowest}, {saddle.Highest}");
        using DeepLinearNetwork origin = DeepLinearPoints.WithZeros(problem, [2, 2], [1, 2, 3], new RandomStream(4, 0));
        Assert.Equal(0, CriticalPoint.At(origin.Objective).Highest);
    }

    [Fact]
    public void Raising_the_rank_keeps_the_loss_and_shows_that_a_bad_saddle_is_no_minimum()
    {
        using TensorScope scope = new();
        using DeepLinearProblem problem = Problems.Small();
        using DeepLinearNetwork bad = DeepLinearPoints.WithZeros(problem, [2, 2, 2], [1, 2, 3], new RandomStream(5, 0));
        using DeepLinearNetwork raised = RankRaising.Perturb(bad, 0.1, new RandomStream(6, 0));
        Assert.Equal(bad.Objective.Value(), raised.Objective.Value(), 1e-12);
        Assert.Equal((0, 2), (SmallMatrices.Rank(bad.Product(3, 2)), SmallMatrices.Rank(raised.Product(3, 2))));
        SearchReport descent = GradientDescent.Run(raised.Objective, maxSteps: 20);
        Assert.True(descent.Value < 0.9 * bad.Objective.Value(), $"{descent}");
    }

    [Fact]
    public void Every_matrix_of_low_rank_is_a_product()
    {
        using TensorScope scope = new();
        using DeepLinearProblem problem = Problems.Small();
        Tensor leading = problem.Subspace([0, 1]);
        Tensor target = leading.MatMul(leading, transposeB: true).MatMul(problem.LeastSquares);
        using DeepLinearNetwork network = DeepLinearPoints.OfProduct(problem, [3, 2, 4], target);
        Close.ToScale(target.ToArray<double>(), network.Product(4, 1).ToArray<double>(), 1e-13, 1, "product");
        Assert.Equal(Problems.OptimalLoss(problem, 2), network.Objective.Value(), 1e-10);
    }

    [Fact]
    public void Conditions_notice_a_point_that_is_not_critical()
    {
        using TensorScope scope = new();
        using DeepLinearProblem problem = Problems.Small();
        using DeepLinearNetwork network = DeepLinearPoints.OfSubset(problem, [2], [0, 1], new RandomStream(8, 0));
        network.Objective.MoveTo(network.Objective.Point().Scale(1 + 1e-4));
        Assert.True(CriticalPointConditions.ProductError(network) > 1e-5);
        Assert.True(CriticalPoint.At(network.Objective).GradientNorm > 1e-4);
    }
}
