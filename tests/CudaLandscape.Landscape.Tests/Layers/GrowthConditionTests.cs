using CudaLandscape.Landscape.Layers;
using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.Tests.Layers;

[Collection("device")]
public sealed class GrowthConditionTests
{
    [Fact]
    public void The_ratio_is_the_largest_of_value_and_bound()
    {
        using TensorScope scope = new();
        double[] points = [-3, -1, 0, 0.5, 4];
        Tensor t = Tensor.From<double>(TestDevices.Primary, [5], points);
        GrowthCondition condition = new(2, 0.5, 3, 1);
        double expected = points.Max(x => Math.Abs(x) / (x < 0 ? 2 * Math.Exp(0.5 * x) : 3 * x + 1));
        Assert.Equal(expected, condition.LargestRatio(x => x, t), 1e-14);
    }

    // A constant that is 1 % too small must be noticed.
    [Fact]
    public void Softplus_needs_its_constants()
    {
        using TensorScope scope = new();
        Tensor t = Tensor.From<double>(TestDevices.Primary, [3], [-2.0, 0, 2]);
        GrowthCondition right = GrowthCondition.OfSoftplus(5);
        Assert.InRange(right.LargestRatio(x => x.Softplus(5), t), 0.99, 1 + 1e-12);
        Assert.True((right with { Rho4 = right.Rho4 * 0.99 }).LargestRatio(x => x.Softplus(5), t) > 1.005);
        Assert.True((right with { Rho1 = right.Rho1 * 0.99 }).LargestRatio(x => x.Softplus(5), t) > 1.005);
    }
}
