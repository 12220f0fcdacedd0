using CudaLandscape.Landscape.BadMinima;
using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.Tests.BadMinima;

[Collection("device")]
public sealed class SingleNeuronTests
{
    // Figure 3a of Auer, Herbster and Warmuth.
    private static readonly (double[] X, double[] Y) s_figure3a = ([10, 0.7], [0.55, 0.25]);

    [Theory]
    [InlineData(NeuronLoss.Square, 0.8)]
    [InlineData(NeuronLoss.Square, -0.4)]
    [InlineData(NeuronLoss.Entropic, 0.8)]
    public void Errors_are_the_formulas_sum(NeuronLoss loss, double w)
    {
        using SingleNeuron neuron = Neuron(s_figure3a.X, s_figure3a.Y, loss);
        double expected = s_figure3a.X.Zip(s_figure3a.Y).Sum(e => Loss(loss, 1 / (1 + Math.Exp(-w * e.First)), e.Second));
        Assert.Equal(expected, neuron.Errors([[w]])[0], 1e-12);
    }

    [Fact]
    public void Figure_3a_has_the_two_minima_and_a_third_point_is_none()
    {
        using SingleNeuron neuron = Neuron(s_figure3a.X, s_figure3a.Y);
        ErrorCurve curve = ErrorCurve.Scan(neuron);
        Close.Relative([-1.56939, 0.01293], [.. curve.Minima.Select(m => m.Weights[0])], 5e-6, "weights");
        Close.Relative([0.3025, 0.06395], [.. curve.Minima.Select(m => m.Error)], 5e-6, "errors");
        Assert.All(curve.Minima, m => Assert.True(m.IsMinimum(), $"{m}"));
        NeuronPoint[] planted = NeuronPoint.Measure(neuron, [[0.01294], [-1.57], [-0.5]]);
        Assert.All(planted, p => Assert.False(p.IsMinimum(), $"{p}"));
    }

    [Fact]
    public void A_maximum_and_a_saddle_are_no_minima()
    {
        using SingleNeuron line = Neuron(s_figure3a.X, s_figure3a.Y);
        Objective top = line.ObjectiveAt([-0.45]);
        Assert.True(GradientNormMinimizer.Run(top, tolerance: 1e-14).Converged);
        NeuronPoint maximum = NeuronPoint.Measure(line, [top.Point().ToArray<double>()])[0];
        Assert.True(maximum.ScaledGradient < 1e-13 && maximum.LowestCurvature < 0, $"{maximum}");
        AxisExamples axes = AxisExamples.Of([1, 100], 0.7, 2);
        using SingleNeuron plane = new(TestDevices.Primary, axes.Inputs, axes.Targets);
        using SingleNeuron one = Neuron([1, 100], [0.7, 0.7]);
        double[] slope = one.Slopes([0.02, 0.4]);
        Assert.True(slope[0] > 0 && slope[1] < 0, "between the two minima E rises and falls");
        Objective ridge = one.ObjectiveAt([0.1]);
        Assert.True(GradientNormMinimizer.Run(ridge, tolerance: 1e-14).Converged);
        NeuronPoint saddle = NeuronPoint.Measure(plane, [[ErrorCurve.Scan(one).Minima[0].Weights[0], ridge.Point().Item()]])[0];
        Assert.True(saddle.ScaledGradient < 1e-13 && saddle.LowestCurvature < 0, $"{saddle}");
    }

    [Fact]
    public void The_matching_loss_has_one_minimum_where_the_square_loss_has_five()
    {
        double[] x = [1, 10, 100, 1000, 10_000], y = [0.7, 0.7, 0.7, 0.7, 0.7];
        using SingleNeuron square = Neuron(x, y), entropic = Neuron(x, y, NeuronLoss.Entropic);
        double[] logs = [.. ErrorCurve.Scan(square).Minima.Select(m => Math.Log(m.Weights[0]))];
        Assert.Equal(5, logs.Length);
        Close.Relative([-9.243, -6.946, -4.645, -2.356, -0.185], logs, 2e-3, "log w");
        ErrorCurve convex = ErrorCurve.Scan(entropic);
        Assert.True(Assert.Single(convex.Minima).IsMinimum(1e-9), $"{convex.Minima[0]}");
        double w = convex.Minima[0].Weights[0];
        Assert.Equal(0.7, x.Sum(v => v / (1 + Math.Exp(-v * w))) / x.Sum(), 1e-12);
    }

    [Fact]
    public void Along_rays_from_a_weight_that_meets_all_targets_the_error_never_falls_and_with_a_wrong_label_it_does()
    {
        double[][] x = [[1, 0.3], [-0.5, 2], [0.2, -1], [3, 1]];
        double[] origin = [0.8, -0.6], targets = SingleNeuron.RealizedTargets(x, origin);
        using SingleNeuron realizable = new(TestDevices.Primary, x, targets);
        Assert.Equal(0, realizable.Errors([origin])[0], 1e-30);
        Assert.InRange(RayErrors.Random(realizable, origin, 100, 20, 50, new RandomStream(1, 0)).LargestDrop, double.NegativeInfinity, 1e-15);
        using SingleNeuron wrong = new(TestDevices.Primary, x, [1 - targets[0], .. targets[1..]]);
        Assert.True(RayErrors.Random(wrong, origin, 100, 20, 50, new RandomStream(1, 0)).LargestDrop > 1e-4);
    }

    [Fact]
    public void Bad_examples_and_points_are_refused()
    {
        Device device = TestDevices.Primary;
        Assert.Throws<ArgumentException>(() => new SingleNeuron(device, [], []));
        Assert.Throws<ArgumentException>(() => new SingleNeuron(device, [[1], [1, 2]], [0, 1]));
        Assert.Contains("1.5", Assert.Throws<ArgumentException>(() => new SingleNeuron(device, [[1]], [1.5])).Message, StringComparison.Ordinal);
        using SingleNeuron plane = new(device, [[1, 2]], [0.5]);
        Assert.Throws<ArgumentException>(() => ErrorCurve.Scan(plane));
        Assert.Throws<InvalidOperationException>(() => plane.Slopes([1]));
        Assert.Throws<ArgumentException>(() => plane.Errors(Tensor.Zeros(device, [3, 1], DType.Float64)));
        using SingleNeuron line = Neuron([0, 1], [0.5, 0.5]);
        Assert.Throws<ArgumentException>(() => ErrorCurve.Scan(line));
        Assert.Throws<ArgumentException>(() => ErrorSurface.Of(line, [1], [1]));
    }

    internal static SingleNeuron Neuron(double[] x, double[] y, NeuronLoss loss = NeuronLoss.Square) =>
        new(TestDevices.Primary, [.. x.Select(v => (double[])[v])], y, loss);

    private static double Loss(NeuronLoss loss, double output, double y) => loss == NeuronLoss.Square
        ? (output - y) * (output - y)
        : -y * Math.Log(output) - (1 - y) * Math.Log(1 - output);
}
