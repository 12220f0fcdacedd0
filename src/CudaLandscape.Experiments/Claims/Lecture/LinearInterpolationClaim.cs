using CudaLandscape.Figures;
using CudaLandscape.Landscape.Paths;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Claims.Lecture;

/// <summary>On the line from the initial point to the solution the loss falls all the way.</summary>
internal sealed class LinearInterpolationClaim : IClaim
{
    public int Item => 38;

    public string Name => "linear-interpolation";

    public string Statement => "on the straight line from the initial point to the solution there is no barrier";

    public string Source => "Lecture note 6, section 6.3.1 (Goodfellow, Vinyals and Saxe, ICLR'15)";

    public IReadOnlyList<ClaimSize> Sizes { get; } =
    [
        new("n", "training images", 400, 200, 60_000), new("inits", "networks", 3, 2, 1000),
        new("epochs", "epochs of training", 10, 10, 10_000), new("points", "points on each line", 31, 21, 10_001),
    ];

    public long EstimateBytes(ClaimContext context) => DigitNetwork.EstimateBytes(context.Size("n"));

    public ClaimResult Run(ClaimContext context)
    {
        using DeviceSamples samples = DeviceSamples.Upload(context.Device, context.Images(context.Size("n")));
        (PathProfile Line, PointLoss Start, PointLoss End)[] runs =
            [.. Enumerable.Range(0, context.Size("inits")).Select(i => Measure(context, samples, (context.Seed << 20) + (ulong)i))];
        return new ClaimResult([.. Judge(runs)])
        {
            Note = "Convolutional networks without batch normalisation (3 x 3 convolutions of 8 and 16 filters, ReLU), trained by SGD with momentum. Seen here on these "
                + "networks and images; the lecture note gives no numbers. A rise within 1 % of the initial loss counts as none.",
            Figures = [new("linear-interpolation", Draw([.. runs.Select(r => r.Line)]))],
        };
    }

    /// <summary>What is decided from the lines and from what the networks at their ends have by themselves.</summary>
    internal static IEnumerable<Check> Judge(IReadOnlyList<(PathProfile Line, PointLoss Start, PointLoss End)> runs) =>
    [
        Check.AtMost("largest rise of the loss along α / loss at α = 0, worst", runs.Max(r => r.Line.LargestRise / r.Line.Losses[0]), 0.01),
        Check.AtMost("barrier: highest loss less that of the higher end, worst", runs.Max(r => r.Line.Barrier / r.Line.Losses[0]), 0.01),
        Check.AtMost("loss at α = 1 / loss at α = 0, worst", runs.Max(r => r.Line.Losses[^1] / r.Line.Losses[0]), 0.25),
        Check.Equal("losses at α = 0 and 1 less those of the networks themselves, worst", runs.Max(
            r => Math.Max(Math.Abs(r.Line.Losses[0] - r.Start.Loss), Math.Abs(r.Line.Losses[^1] - r.End.Loss))), 0),
    ];

    private static (PathProfile, PointLoss, PointLoss) Measure(ClaimContext context, DeviceSamples samples, ulong seed)
    {
        using TensorScope scope = new();
        using DigitNetwork network = new(samples, normalised: false, seed), other = new(samples, normalised: false, seed);
        PointLoss start = network.Evaluate(context.Cancellation);
        network.Train(context.Size("epochs"), seed, context.Cancellation);
        PointLoss end = network.Evaluate(context.Cancellation);
        using ParameterCurve line = ParameterCurve.Line(other.Parameters.Values, network.Parameters.Values);
        return (PathProfile.Along(other.Loss, line, context.Size("points"), context.Cancellation), start, end);
    }

    private static Plot Draw(PathProfile[] lines) => new(
        "From the initial point (α = 0) to the solution (α = 1)", new Axis("α"), new Axis("training loss") { Unit = "nats", Scale = AxisScale.Log },
        [.. lines.Select((line, i) => Series.Line($"network {i + 1}", line.Positions, line.Losses))]);
}
