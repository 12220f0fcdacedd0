using CudaLandscape.Figures;
using CudaLandscape.Landscape.BadMinima;
using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Claims.Lecture;

/// <summary>Where one weight meets every target, the error rises along all rays from it: one basin; a single wrong label makes several.</summary>
internal sealed class RealizableClaim : IClaim
{
    private const int Dimension = 4, Examples = 16;

    public int Item => 34;

    public string Name => "realizable-one-basin";

    public string Statement => "a single neuron on realizable data has one basin, with one wrong label several";

    public string Source => "Lecture note 6, Theorem 6.2; Auer, Herbster and Warmuth, NIPS'95, Theorem 5.1";

    public IReadOnlyList<ClaimSize> Sizes { get; } =
    [
        new("rays", "random rays from the weight that meets all targets", 1000, 200, 100_000),
        new("starts", "random starts of descents", 10, 5, 10_000),
    ];

    public long EstimateBytes(ClaimContext context) => 8L * 8 * 100 * Examples * context.Size("rays");

    public ClaimResult Run(ClaimContext context)
    {
        double[][] x = [.. ClaimNumbers.Normal(context, Examples * Dimension, 1).Chunk(Dimension)];
        double[] truth = ClaimNumbers.Normal(context, Dimension, 2);
        double[] targets = SingleNeuron.RealizedTargets(x, truth);
        using SingleNeuron realizable = new(context.Device, x, targets), wrong = new(context.Device, x, [1 - targets[0], .. targets[1..]]);
        double Drop(SingleNeuron neuron) => RayErrors.Random(neuron, truth, context.Size("rays"), 20, 100, context.Stream(3)).LargestDrop;
        (ErrorCurve right, ErrorCurve turned) = OnLine(context);
        NeuronPoint worst = turned.Minima.Where(m => m.IsMinimum()).MaxBy(m => m.Error)!;
        return new ClaimResult(
            Check.AtMost($"largest fall of E along rays, {Examples} realizable examples in {Dimension} dimensions", Drop(realizable), 1e-13),
            Check.Equal("E at the weight that meets all targets", realizable.Errors([truth])[0], 0, 1e-28),
            Check.AtMost("largest E where descents from random starts end", LargestEnd(context, realizable), 1e-18),
            Check.AtLeast("largest fall along the rays with one label turned round", Drop(wrong), 1e-3),
            Check.Equal("minima on the line, inputs 1, 10, …, 10⁴, realizable", right.Minima.Count(m => m.IsMinimum()), 1),
            Check.Equal("with one label wrong", turned.Minima.Count(m => m.IsMinimum()), 2),
            Check.AtLeast("the worse of them: E", worst.Error, 0.1),
            Check.AtMost("its |w ∂E/∂w|", worst.ScaledGradient, 1e-12),
            Check.AtLeast("its w² ∂²E/∂w²", worst.LowestCurvature, 1e-6))
        {
            Note = "The rays are 20 long, with 100 points each. On the line the targets are φ(x / 100), and that of 10⁴, which is 1, becomes 0.3.",
            Figures = [new("realizable-one-basin", Draw(right, turned))],
        };
    }

    private static double LargestEnd(ClaimContext context, SingleNeuron neuron)
    {
        double largest = 0;
        for (int start = 0; start < context.Size("starts"); start++)
        {
            using TensorScope scope = new();
            Objective objective = neuron.ObjectiveAt(ClaimNumbers.Normal(context, Dimension, 10 + (ulong)start));
            largest = Math.Max(largest, GradientDescent.Run(objective, 1e-11, cancellation: context.Cancellation).Value);
        }

        return largest;
    }

    private static (ErrorCurve Realizable, ErrorCurve Wrong) OnLine(ClaimContext context)
    {
        double[][] x = [[1], [10], [100], [1000], [10_000]];
        double[] targets = SingleNeuron.RealizedTargets(x, [0.01]);
        using SingleNeuron realizable = new(context.Device, x, targets), wrong = new(context.Device, x, [.. targets[..4], 0.3]);
        return (ErrorCurve.Scan(realizable), ErrorCurve.Scan(wrong));
    }

    private static Plot Draw(ErrorCurve realizable, ErrorCurve wrong) => new(
        "One logistic neuron, inputs 1, 10, …, 10⁴", new Axis("|w|") { Scale = AxisScale.Log }, new Axis("error E(w)"),
        Side("realizable, w > 0", realizable, 1), Side("realizable, w < 0", realizable, -1),
        Side("one wrong label, w > 0", wrong, 1), Side("one wrong label, w < 0", wrong, -1),
        Minima("minimum, realizable", realizable), Minima("minima, one wrong label", wrong));

    // Every fourth point of the scan, from where the error leaves that of w = 0.
    private static Series Side(string name, ErrorCurve curve, int sign)
    {
        int[] shown = [.. Enumerable.Range(0, curve.Weights.Length).Where(i => i % 4 == 0 && sign * curve.Weights[i] >= 1e-6)];
        return Series.Line(name, [.. shown.Select(i => Math.Abs(curve.Weights[i]))], [.. shown.Select(i => curve.Errors[i])]);
    }

    private static Series Minima(string name, ErrorCurve curve) =>
        Series.Points(name, [.. curve.Minima.Select(m => Math.Abs(m.Weights[0]))], [.. curve.Minima.Select(m => m.Error)]);
}
