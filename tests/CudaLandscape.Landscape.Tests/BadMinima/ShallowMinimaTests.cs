using CudaLandscape.Landscape.BadMinima;
using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;
using MathNet.Numerics.LinearAlgebra;

namespace CudaLandscape.Landscape.Tests.BadMinima;

[Collection("device")]
public sealed class ShallowMinimaTests
{
    private static readonly double[][] s_few = [[1, 0.2], [-0.6, 1], [0.3, -1.1], [-1.2, -0.4]];
    private static readonly double[] s_targets = [0.9, -0.4, 1.3, 0.1];
    private static readonly RandomStream s_stream = new(5, 0);

    [Fact]
    public void A_loss_is_that_of_a_loop_and_many_points_at_once_are_each_alone()
    {
        using ShallowNetwork network = new(TestDevices.Primary, s_few, s_targets, 3, t => t.Sigmoid());
        ShallowPoint point = new([[0.4, -1], [2, 0.3], [-0.7, 0.9]], [0.1, -0.5, 0.8], [1.5, -2, 0.6], 0.25);
        double[][] inputs = point.Preactivations(s_few);
        double expected = s_few.Select((_, i) => point.C - s_targets[i] + inputs.Zip(point.V, (row, v) => v / (1 + Math.Exp(-row[i]))).Sum()).Sum(r => r * r) / 2;
        Assert.Equal(expected, network.Loss(point), 1e-14);
        double[] other = new double[network.ParameterCount];
        double[] together = network.Losses([point.ToVector(), other]), alone = [network.Loss(point), network.Losses([other])[0]];
        Close.Relative(alone, together, 1e-14, "two points at once");
        Assert.Equal(expected, network.ObjectiveAt(point).Value(), 1e-14);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    public void On_a_flat_segment_no_neighbour_is_lower_and_only_the_constant_has_curvature(int width)
    {
        using TensorScope scope = new();
        using ShallowNetwork network = new(TestDevices.Primary, s_few, s_targets, width, FlatSegment.Activation);
        ShallowPoint bad = FlatSegment.Minimum(network, s_stream);
        double mean = s_targets.Average(), expected = s_targets.Sum(y => (y - mean) * (y - mean)) / 2;
        Assert.Equal(expected, network.Loss(bad), 1e-14);
        Assert.InRange(bad.Preactivations(s_few).Max(row => row.Max(Math.Abs)), 0.499, 0.501);
        Assert.InRange(network.LowestChange(bad, 0.05, 3000, s_stream with { Stream = 9 }), -1e-14, 1);
        CriticalPoint point = CriticalPoint.At(network.ObjectiveAt(bad));
        Assert.True(point.GradientNorm < 1e-14);
        Assert.Equal((0, network.ParameterCount - 1), (point.Index, point.Nullity));
    }

    // Planted violations: another constant, and units off the segment.
    [Fact]
    public void Off_the_segment_or_with_another_constant_neighbours_are_lower()
    {
        using ShallowNetwork network = new(TestDevices.Primary, s_few, s_targets, 8, FlatSegment.Activation);
        ShallowPoint bad = FlatSegment.Minimum(network, s_stream);
        Assert.True(network.LowestChange(bad with { C = bad.C + 0.01 }, 0.01, 2000, s_stream) < -1e-6);
        ShallowPoint off = bad with { B = [.. bad.B.Select(b => b + 1)] };
        Assert.True(network.LowestChange(off, 0.05, 2000, s_stream) < -1e-3);
    }

    [Fact]
    public void A_path_that_never_rises_leads_from_the_flat_segment_to_zero()
    {
        using ShallowNetwork network = new(TestDevices.Primary, s_few, s_targets, 8, FlatSegment.Activation);
        ShallowPoint bad = FlatSegment.Minimum(network, s_stream);
        IReadOnlyList<ShallowPoint> corners = FlatSegment.PathOut(network, bad, s_stream with { Stream = 7 });
        double[] losses = network.LossesAlong(corners, 50);
        Assert.Equal((151, network.Loss(bad)), (losses.Length, losses[0]));
        Assert.True(losses.Zip(losses.Skip(1), (a, b) => b - a).Max() < 1e-14);
        Assert.InRange(losses[^1], 0, 1e-20);
        double[] straight = network.LossesAlong([bad, corners[2]], 50);
        Assert.True(straight.Max() > losses[0] + 1e-3, "without its first corner the path rises");
    }

    [Theory]
    [InlineData(2, 109.44)]
    [InlineData(7, 109.44 / 6)]
    public void The_sigmoid_example_has_a_minimum_of_one_third_and_a_zero_at_any_width(int width, double weight)
    {
        using TensorScope scope = new();
        using ShallowNetwork network = SigmoidExample.Network(TestDevices.Primary, width);
        ShallowPoint bad = SigmoidExample.Constant(width: width);
        Assert.Equal(weight, bad.V[^1], 5e-3);
        Assert.Equal(SigmoidExample.MinimumLoss, network.Loss(bad), 1e-14);
        Assert.Equal(0.75, SigmoidExample.SafeRadius(bad));
        foreach (double radius in (double[])[1e-3, 0.1, 0.75])
            Assert.InRange(network.LowestChange(bad, radius, 4000, s_stream), -1e-13, double.PositiveInfinity);
        CriticalPoint point = CriticalPoint.At(network.ObjectiveAt(bad));
        Assert.True(point.GradientNorm < 1e-13 && point.Index == 0, $"{point.GradientNorm}, {point.Lowest}");
        Assert.InRange(network.Loss(SigmoidExample.Global(width)), 0, 1e-28);
    }

    // The planted violation: a bias of the wrong sign, still critical with the same loss.
    [Fact]
    public void With_a_bias_of_the_wrong_sign_it_is_a_saddle()
    {
        using TensorScope scope = new();
        using ShallowNetwork network = SigmoidExample.Network(TestDevices.Primary);
        ShallowPoint saddle = SigmoidExample.Constant(firstBias: -1.5);
        Assert.Equal(0, SigmoidExample.SafeRadius(saddle));
        CriticalPoint point = CriticalPoint.At(network.ObjectiveAt(saddle));
        Assert.Equal(SigmoidExample.MinimumLoss, point.Value, 1e-14);
        Assert.True(point.GradientNorm < 1e-13 && point.Index > 0, $"{point.GradientNorm}, {point.Lowest}");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(12)]
    public void The_ReLU_minimum_is_linear_least_squares_and_better_points_are_known(int width)
    {
        using TensorScope scope = new();
        (double[][] x, double[] y) = Many();
        ReluExample example = new(TestDevices.Primary, x, y);
        using ShallowNetwork network = example.Network(TestDevices.Primary, width);
        ShallowPoint bad = example.Minimum(width);
        double linear = LinearLoss(x, y);
        Assert.Equal(linear, example.LinearLoss, 1e-12);
        Assert.Equal(linear, network.Loss(bad), 1e-12);
        Assert.True(bad.Preactivations(x).Min(row => row.Min()) >= 1 - 1e-12);
        Assert.InRange(network.LowestChange(bad, example.SafeRadius, 3000, s_stream), -1e-12, double.PositiveInfinity);
        CriticalPoint point = CriticalPoint.At(network.ObjectiveAt(bad));
        Assert.True(point.GradientNorm < 1e-11 && point.Index == 0 && point.Nullity > 0, $"{point.GradientNorm}, {point.Lowest}");
        Assert.True(network.Loss(example.Better(width)) < linear - 1e-3);
        if (width == x.Length) Assert.InRange(network.Loss(example.Exact(width)), 0, 1e-20);
    }

    // Planted violations: a wrong weight, and a unit whose kink is among the samples.
    [Fact]
    public void A_wrong_weight_or_a_kink_among_the_samples_is_no_minimum()
    {
        (double[][] x, double[] y) = Many();
        ReluExample example = new(TestDevices.Primary, x, y);
        using ShallowNetwork network = example.Network(TestDevices.Primary, 2);
        ShallowPoint bad = example.Minimum(2);
        ShallowPoint wrong = bad with { W = [[bad.W[0][0] + 0.01, bad.W[0][1]], bad.W[1]] };
        Assert.True(network.LowestChange(wrong, 0.01, 2000, s_stream) < -1e-5);
        ShallowPoint kink = bad with { W = [bad.W[0], bad.W[0]], B = [bad.B[0], bad.B[0] - 1 - (example.Predictions.Average() - example.Predictions.Min())] };
        Assert.Equal(network.Loss(bad), network.Loss(kink), 1e-13);
        Assert.True(network.LowestChange(kink, 0.01, 2000, s_stream) < -1e-6);
    }

    [Fact]
    public void Bad_sizes_are_refused()
    {
        Device device = TestDevices.Primary;
        Assert.Throws<ArgumentException>(() => new ShallowNetwork(device, s_few, [1], 2, t => t));
        Assert.Throws<ArgumentException>(() => new ShallowNetwork(device, s_few, s_targets, 0, t => t));
        Assert.Throws<ArgumentException>(() => new ReluExample(device, s_few[..3], s_targets[..3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => SigmoidExample.Constant(width: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SigmoidExample.Global(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReluExample(device, s_few, s_targets).Better(1));
        Assert.Throws<ArgumentException>(() => new ReluExample(device, s_few, s_targets).Exact(3));
        using ShallowNetwork network = new(device, s_few, s_targets, 2, t => t);
        Assert.Throws<ArgumentException>(() => network.Losses([new double[network.ParameterCount + 1]]));
    }

    private static (double[][] X, double[] Y) Many()
    {
        double[][] x = [.. TestData.Spread([12, 2], 1).Values.Chunk(2)];
        return (x, TestData.Spread([12], 2).Values);
    }

    private static double LinearLoss(double[][] x, double[] y)
    {
        Matrix<double> design = Matrix<double>.Build.DenseOfRowArrays(x.Select(row => (double[])[.. row, 1]));
        Vector<double> targets = Vector<double>.Build.DenseOfArray(y);
        Vector<double> residual = design * design.QR().Solve(targets) - targets;
        return residual.DotProduct(residual) / 2;
    }
}
