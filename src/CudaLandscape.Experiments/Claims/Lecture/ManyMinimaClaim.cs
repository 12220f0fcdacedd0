using CudaLandscape.Figures;
using CudaLandscape.Landscape.BadMinima;

namespace CudaLandscape.Experiments.Claims.Lecture;

/// <summary>The number of minima of a single neuron grows with the examples: n in one dimension, ⌊n/d⌋^d in d, ⌊n/(2d)⌋^d with a bias.</summary>
internal sealed class ManyMinimaClaim : IClaim
{
    private const double Target = 0.7;

    // log w of the minima for the inputs 1, 10, …, 10⁴, found by hand.
    private static readonly double[] s_known = [-9.243, -6.946, -4.645, -2.356, -0.185];
    private static readonly double[] s_inputs = [1, 10, 100, 1000, 10_000];

    public int Item => 33;

    public string Name => "neuron-many-minima";

    public string Statement => "a single neuron has as many minima as examples, and exponentially many in the dimension";

    public string Source => "Auer, Herbster and Warmuth, NIPS'95, Lemma 3.2, Theorems 3.4 and 4.1, figure 1; lecture note 6, Theorem 6.1";

    public IReadOnlyList<ClaimSize> Sizes { get; } =
    [
        new("n", "examples of one number, added one by one", 8, 4, 40),
        new("side", "weights along each side of the surface", 121, 100, 2000),
    ];

    public long EstimateBytes(ClaimContext context) => 8L * 8 * 10 * context.Size("side") * context.Size("side");

    public ClaimResult Run(ClaimContext context)
    {
        int n = context.Size("n");
        AuerInduction induction = AuerInduction.Build(context.Device, n, Target);
        int[] counts = [.. Enumerable.Range(1, n).Select(k => Scan(context, induction.Inputs[..k]).Count)];
        double[] line = [.. Scan(context, s_inputs).Select(m => m.Weights[0])];
        NeuronPoint[] plane = OnGrid(context, s_inputs, 2, false), space = OnGrid(context, s_inputs[..3], 3, false);
        NeuronPoint[] biased = OnGrid(context, s_inputs, 2, true);
        ErrorSurface surface = Surface(context);
        return new ClaimResult(
            Check.Equal($"n for which the minima are not n, n = 1 … {n}", counts.Where((count, k) => count != k + 1).Count(), 0),
            Check.AtLeast("smallest depth of the n intervals that certify them", induction.Gaps.Min(), 1e-3),
            Check.AtMost("minima of inputs 10^t: largest deviation from the known log w", Deviation(line), 0.003),
            Check.Equal("minima of 10 examples in two dimensions, gradient and curvatures of each measured", plane.Count(p => p.IsMinimum()), 25),
            Check.Equal("points of a grid in log w that are below their eight neighbours", surface.LocalMinima().Count, 25),
            Check.Equal("minima of 9 of such examples in three dimensions", space.Count(p => p.IsMinimum()), 27),
            Check.Equal("with a bias: minima of 20 examples in two dimensions", biased.Count(p => p.IsMinimum()), 25),
            Check.Equal("best minimum of the plane: E", plane.Min(p => p.Error), 2 * 0.1505, 2e-3),
            Check.Observe("worst minimum of the plane: E", plane.Max(p => p.Error)))
        {
            Note = $"All targets are {Target}. The inductive examples are x = {string.Join(", ", induction.Inputs.Select(x => $"{x:G4}"))}.",
            Figures = [new("neuron-many-minima-line", DrawLine(context)), new("neuron-many-minima-plane", DrawPlane(surface, plane))],
        };
    }

    private static Plot DrawLine(ClaimContext context)
    {
        using SingleNeuron neuron = new(context.Device, [.. s_inputs.Select(x => (double[])[x])], [.. s_inputs.Select(_ => Target)]);
        ErrorCurve curve = ErrorCurve.On(neuron, ErrorSurface.LogAxis(1e-6, 100, 1000));
        return new Plot(
            "One logistic neuron, five examples x = 1, 10, …, 10⁴", new Axis("weight w") { Scale = AxisScale.Log }, new Axis("error E(w)"),
            Series.Line("E", curve.Weights, curve.Errors),
            Series.Points("minima", [.. curve.Minima.Select(m => m.Weights[0])], [.. curve.Minima.Select(m => m.Error)]));
    }

    private static SurfacePlot DrawPlane(ErrorSurface surface, NeuronPoint[] minima) => new(
        "One logistic neuron, ten examples in two dimensions", new Axis("weight w₂") { Scale = AxisScale.Log },
        new Axis("weight w₁") { Scale = AxisScale.Log }, new Axis("error E(w)"), surface.Second, surface.First, surface.Errors)
    {
        Series = [Series.Points("minima", [.. minima.Select(m => m.Weights[1])], [.. minima.Select(m => m.Weights[0])])],
    };

    private static IReadOnlyList<NeuronPoint> Scan(ClaimContext context, double[] inputs)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        using SingleNeuron neuron = new(context.Device, [.. inputs.Select(x => (double[])[x])], [.. inputs.Select(_ => Target)]);
        return [.. ErrorCurve.Scan(neuron).Minima.Where(m => m.IsMinimum())];
    }

    private static double Deviation(double[] line) => line.Length != s_known.Length
        ? double.NaN
        : line.Zip(s_known, (w, known) => Math.Abs(Math.Log(w) - known)).Max();

    // All points whose coordinates are minima of the inputs alone.
    private static NeuronPoint[] OnGrid(ClaimContext context, double[] inputs, int dimension, bool bias)
    {
        AxisExamples axes = AxisExamples.Of(inputs, Target, dimension, bias);
        using SingleNeuron neuron = new(context.Device, axes.Inputs, axes.Targets);
        double[] coordinates = [.. Scan(context, inputs).Select(m => m.Weights[0])];
        return NeuronPoint.Measure(neuron, AxisExamples.Grid(coordinates, dimension, bias));
    }

    private static ErrorSurface Surface(ClaimContext context)
    {
        AxisExamples axes = AxisExamples.Of(s_inputs, Target, 2);
        using SingleNeuron neuron = new(context.Device, axes.Inputs, axes.Targets);
        double[] axis = ErrorSurface.LogAxis(1e-5, 10, context.Size("side"));
        return ErrorSurface.Of(neuron, axis, axis);
    }
}
