using CudaLandscape.Landscape.BadMinima;

namespace CudaLandscape.Landscape.Tests.BadMinima;

[Collection("device")]
public sealed class AuerConstructionTests
{
    [Theory]
    [InlineData(1, 0.7)]
    [InlineData(4, 0.7)]
    [InlineData(9, 0.7)]
    [InlineData(5, 0.9)]
    public void Every_example_adds_a_minimum_in_its_own_interval(int count, double target)
    {
        AuerInduction induction = AuerInduction.Build(TestDevices.Primary, count, target);
        Assert.True(induction.Gaps.Min() > 1e-3, $"{induction.Gaps.Min()}");
        Assert.All(induction.Inputs.Zip(induction.Inputs.Skip(1)), x => Assert.True(x.Second > 4 * x.First, "intervals overlap"));
        using SingleNeuron neuron = new(TestDevices.Primary, induction.Examples, induction.Targets);
        double[] found = [.. ErrorCurve.Scan(neuron).Minima.Select(m => m.Weights[0]).Reverse()];
        Assert.Equal(count, found.Length);
        Assert.All(found.Zip(induction.Middles), w => Assert.InRange(w.First, w.Second / 2, w.Second * 2));
    }

    // The planted violation: inputs too near to one another.
    [Fact]
    public void Examples_that_are_not_apart_have_no_certificate_and_one_minimum()
    {
        AuerInduction near = AuerInduction.Of(TestDevices.Primary, [1, 2, 4, 8], 0.7);
        Assert.True(near.Gaps.Min() < 0, $"{near.Gaps.Min()}");
        using SingleNeuron neuron = new(TestDevices.Primary, near.Examples, near.Targets);
        Assert.Single(ErrorCurve.Scan(neuron).Minima);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 9)]
    [InlineData(3, 27)]
    public void Examples_on_the_axes_have_minima_at_every_point_of_the_grid_with_and_without_a_bias(int dimension, int minima)
    {
        double[] inputs = [1, 10, 100];
        double[] line = Minima(inputs);
        foreach (bool bias in (bool[])[false, true])
        {
            AxisExamples axes = AxisExamples.Of(inputs, 0.7, dimension, bias);
            Assert.Equal((bias ? 6 : 3) * dimension, axes.Targets.Length);
            using SingleNeuron neuron = new(TestDevices.Primary, axes.Inputs, axes.Targets);
            IReadOnlyList<double[]> grid = AxisExamples.Grid(line, dimension, bias);
            Assert.Equal(minima, NeuronPoint.Measure(neuron, grid).Count(p => p.IsMinimum()));
            grid[0][0] *= 1.001;
            Assert.Equal(minima - 1, NeuronPoint.Measure(neuron, grid).Count(p => p.IsMinimum()));
        }
    }

    [Fact]
    public void A_count_that_knows_no_theory_finds_the_same_minima_of_a_plane()
    {
        double[] line = Minima([1, 10, 100]), axis = ErrorSurface.LogAxis(1e-4, 10, 121);
        AxisExamples axes = AxisExamples.Of([1, 10, 100], 0.7, 2);
        using SingleNeuron neuron = new(TestDevices.Primary, axes.Inputs, axes.Targets);
        IReadOnlyList<(double First, double Second)> found = ErrorSurface.Of(neuron, axis, axis).LocalMinima();
        Assert.Equal(9, found.Count);
        Assert.All(found, p => Assert.Contains(line, w => Math.Abs(Math.Log(w / p.First)) < 0.06));
        Assert.All(found, p => Assert.Contains(line, w => Math.Abs(Math.Log(w / p.Second)) < 0.06));
    }

    [Fact]
    public void Bad_counts_and_targets_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => AuerInduction.Build(TestDevices.Primary, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => AuerInduction.Build(TestDevices.Primary, 3, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => AxisExamples.Of([1], 0.7, 0));
    }

    private static double[] Minima(double[] inputs)
    {
        using SingleNeuron line = SingleNeuronTests.Neuron(inputs, [.. inputs.Select(_ => 0.7)]);
        return [.. ErrorCurve.Scan(line).Minima.Select(m => m.Weights[0])];
    }
}
