using CudaLandscape.Figures;
using CudaLandscape.Landscape.BadMinima;

namespace CudaLandscape.Experiments.Claims.Lecture;

/// <summary>One logistic neuron, two examples, two minima, of which one is bad; with the matching loss there is one.</summary>
internal sealed class NeuronMinimaClaim : IClaim
{
    // Auer, Herbster and Warmuth, figure 3a.
    private static readonly double[][] s_inputs = [[10], [0.7]];
    private static readonly double[] s_targets = [0.55, 0.25];

    public int Item => 33;

    public string Name => "neuron-two-minima";

    public string Statement => "the square loss of a single neuron has a bad minimum on two examples, its entropic loss has none";

    public string Source => "Lecture note 6, Theorem 6.1 and figure 6.1; Auer, Herbster and Warmuth, NIPS'95, figure 3a";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [new("points", "weights on the grid that is scanned", 4000, 1000)];

    public ClaimResult Run(ClaimContext context)
    {
        using SingleNeuron square = new(context.Device, s_inputs, s_targets), entropic = new(context.Device, s_inputs, s_targets, NeuronLoss.Entropic);
        ErrorCurve curve = ErrorCurve.Scan(square, context.Size("points")), convex = ErrorCurve.Scan(entropic, context.Size("points"));
        NeuronPoint bad = curve.Minima[0], good = curve.Minima[^1];
        return new ClaimResult(
            Check.Equal("minima of E₁ + E₂ on all weights", curve.Minima.Count(m => m.IsMinimum()), 2),
            Check.Equal("the better one: w", good.Weights[0], 0.01293, 6e-6),
            Check.Equal("its error", good.Error, 0.06395, 6e-6),
            Check.Equal("the bad one: w", bad.Weights[0], -1.56939, 1e-5),
            Check.Equal("its error", bad.Error, 0.3025, 6e-6),
            Check.AtMost("largest |w ∂E/∂w| at both", curve.Minima.Max(m => m.ScaledGradient), 1e-12),
            Check.AtLeast("smallest w² ∂²E/∂w² at both", curve.Minima.Min(m => m.LowestCurvature), 1e-3),
            Check.Equal("minima with the entropic loss", convex.Minima.Count(m => m.IsMinimum(1e-9)), 1),
            Check.AtLeast("its smallest second derivative on the grid: convex", SmallestCurvature(entropic, convex.Weights), 0))
        {
            Note = "Examples (x, y) = (10, 0.55) and (0.7, 0.25). The lecture note writes a mean of losses and Auer et al. a sum: minima are the same, errors differ by the factor 2.",
            Figures = [new("neuron-two-minima", Draw(context, square, curve))],
        };
    }

    private static Plot Draw(ClaimContext context, SingleNeuron both, ErrorCurve scanned)
    {
        double[] weights = [.. Enumerable.Range(0, 601).Select(i => -4 + 0.01 * i)];
        double[] Errors(SingleNeuron neuron) => neuron.Errors([.. weights.Select(w => (double[])[w])]);
        using SingleNeuron first = new(context.Device, s_inputs[..1], s_targets[..1]), second = new(context.Device, s_inputs[1..], s_targets[1..]);
        return new Plot(
            "One logistic neuron, two examples, square loss", new Axis("weight w"), new Axis("error E(w)"),
            Series.Line("E₁: x = 10, y = 0.55", weights, Errors(first)),
            Series.Line("E₂: x = 0.7, y = 0.25", weights, Errors(second)),
            Series.Line("E₁ + E₂", weights, Errors(both)),
            Series.Points("minima of E₁ + E₂", [.. scanned.Minima.Select(m => m.Weights[0])], [.. scanned.Minima.Select(m => m.Error)]));
    }

    private static double SmallestCurvature(SingleNeuron neuron, double[] weights) =>
        NeuronPoint.Measure(neuron, [.. weights.Where((_, i) => i % 10 == 0).Select(w => (double[])[w])]).Min(p => p.LowestCurvature);
}
