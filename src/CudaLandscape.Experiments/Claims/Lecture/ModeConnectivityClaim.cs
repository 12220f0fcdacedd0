using CudaLandscape.Figures;
using CudaLandscape.Landscape.Paths;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Claims.Lecture;

/// <summary>Between two networks trained from different initial points there is a simple curve of low loss, but no such line.</summary>
internal sealed class ModeConnectivityClaim : IClaim
{
    private static readonly (string Name, CurveShape Shape, int Bends)[] s_curves =
    [
        ("Bézier curve, 1 bend", CurveShape.Bezier, 1), ("polygonal chain, 1 bend", CurveShape.PolygonalChain, 1),
        ("Bézier curve, 3 bends", CurveShape.Bezier, 3), ("polygonal chain, 3 bends", CurveShape.PolygonalChain, 3),
    ];

    public int Item => 39;

    public string Name => "mode-connectivity";

    public string Statement => "two trained networks are joined by a simple curve of low loss, though not by a straight line";

    public string Source => "Lecture note 6, section 6.3.1 (Garipov et al., NeurIPS'18)";

    public IReadOnlyList<ClaimSize> Sizes { get; } =
    [
        new("n", "training images", 400, 200, 60_000), new("test", "test images", 1000, 100, 10_000), new("epochs", "epochs of training for each network", 10, 10, 10_000),
        new("curve-epochs", "epochs of training for each curve", 30, 25, 10_000), new("points", "points on each path", 61, 21, 10_001),
    ];

    public long EstimateBytes(ClaimContext context) => DigitNetwork.EstimateBytes(context.Size("n") + context.Size("test"));

    public ClaimResult Run(ClaimContext context)
    {
        using TensorScope scope = new();
        using DeviceSamples samples = DeviceSamples.Upload(context.Device, context.Images(context.Size("n")));
        using DeviceSamples tests = DeviceSamples.Upload(context.Device, context.TestImages(context.Size("test")));
        using DigitNetwork a = Trained(context, samples, 0), b = Trained(context, samples, 1), between = new(samples, true, 0);
        (PointLoss, PointLoss) ends = (a.Evaluate(context.Cancellation), b.Evaluate(context.Cancellation));
        using ParameterCurve straight = ParameterCurve.Line(a.Parameters.Values, b.Parameters.Values);
        MeasuredPath line = Measure(context, "straight line", straight, between, tests);
        MeasuredPath[] curves = [.. s_curves.Select(c =>
        {
            using ParameterCurve curve = Curve(context, samples, a, b, between, c.Shape, c.Bends);
            return Measure(context, c.Name, curve, between, tests);
        })];
        return new ClaimResult([.. Judge(line, curves, ends)])
        {
            Note = ModeConnectivityPage.Note(context.Size("n"), context.Size("test"), [line, .. curves]),
            Figures = [new("mode-connectivity", Draw(line, curves))],
        };
    }

    /// <summary>What is decided from the profiles and from what the networks at the ends have by themselves.</summary>
    internal static IEnumerable<Check> Judge(MeasuredPath line, IReadOnlyList<MeasuredPath> curves, (PointLoss Start, PointLoss End) ends)
    {
        double higher = Math.Max(ends.Start.Loss, ends.End.Loss);
        return
        [
            Check.AtLeast("highest loss on the straight line less that of the higher end", line.Train.Barrier, Math.Max(0.1, higher)),
            .. curves.Select(c => Check.AtMost($"barrier on the {c.Name} / barrier on the straight line", c.Train.Barrier / line.Train.Barrier, 0.25)),
            Check.Equal("losses at the ends of all paths less those of the networks themselves, worst", curves.Append(line).Select(c => c.Train).Max(
                p => Math.Max(Math.Abs(p.Losses[0] - ends.Start.Loss), Math.Abs(p.Losses[^1] - ends.End.Loss))), 0),
        ];
    }

    private static DigitNetwork Trained(ClaimContext context, DeviceSamples samples, ulong start)
    {
        ulong seed = (context.Seed << 20) + start;
        DigitNetwork network = new(samples, normalised: true, seed);
        network.Train(context.Size("epochs"), seed, context.Cancellation);
        return network;
    }

    private static ParameterCurve Curve(
        ClaimContext context, DeviceSamples samples, DigitNetwork a, DigitNetwork b, DigitNetwork between, CurveShape shape, int bends)
    {
        ParameterCurve curve = new(shape, a.Parameters.Values, b.Parameters.Values, bends);
        try
        {
            CurveTrainingSettings settings = new(context.Size("curve-epochs"), BatchSize: 50, Rate: 0.05, WeightDecay: 0, Seed: context.Seed);
            CurveTraining.Run(curve, between.Model, between.Parameters, samples, settings, context.Cancellation);
            return curve;
        }
        catch
        {
            curve.Dispose();
            throw;
        }
    }

    private static MeasuredPath Measure(ClaimContext context, string name, ParameterCurve curve, DigitNetwork between, DeviceSamples tests) => new(
        name, PathProfile.Along(between.Loss, curve, context.Size("points"), context.Cancellation),
        PathProfile.Along(between.LossOn(tests), curve, context.Size("points"), context.Cancellation));

    private static Plot Draw(MeasuredPath line, IReadOnlyList<MeasuredPath> curves) => new(
        "Between two trained networks", new Axis("t"), new Axis("training loss") { Unit = "nats", Scale = AxisScale.Log },
        [.. curves.Prepend(line).Select(c => Series.Line(c.Name, c.Train.Positions, c.Train.Losses))]);
}
