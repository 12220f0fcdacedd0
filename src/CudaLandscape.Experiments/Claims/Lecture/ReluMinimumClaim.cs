using CudaLandscape.Figures;
using CudaLandscape.Landscape.BadMinima;
using CudaLandscape.Landscape.CriticalPoints;

namespace CudaLandscape.Experiments.Claims.Lecture;

/// <summary>ReLU networks of any width have a local minimum that is only as good as linear least squares.</summary>
internal sealed class ReluMinimumClaim : IClaim
{
    private const int Dimension = 2, PathPoints = 200;

    public int Item => 36;

    public string Name => "relu-bad-minimum";

    public string Statement => "ReLU networks of any width have local minima no better than linear least squares";

    public string Source => "Lecture note 6, section 6.1, item 3; Yun, Sra and Jadbabaie, ICLR'19, Theorem 1";

    public IReadOnlyList<ClaimSize> Sizes { get; } =
    [
        new("n", "samples", 12, 6, 200),
        new("draws", "random neighbours at each radius, for each width", 10_000, 5000, 10_000_000),
    ];

    public long EstimateBytes(ClaimContext context) => 8L * 10 * 2000 * context.Size("n") * context.Size("n");

    public ClaimResult Run(ClaimContext context)
    {
        int n = context.Size("n");
        double[][] x = [.. ClaimNumbers.Normal(context, n * Dimension, 1).Chunk(Dimension)];
        ReluExample example = new(context.Device, x, ClaimNumbers.Normal(context, n, 2));
        return new ClaimResult([.. ((int[])[2, n]).SelectMany(width => OfWidth(context, example, width))])
        {
            Note = $"{n} normal samples of {Dimension} numbers with normal targets. Neighbours are at the radius at which all units stay positive on all samples, "
                + "so that the network stays linear there and nothing is below linear least squares, and at a tenth and a hundredth of it. "
                + "The better point bends the linear prediction once, the exact one at every sample.",
            Figures = [new("relu-bad-minimum", Draw(context, example))],
        };
    }

    private static IEnumerable<Check> OfWidth(ClaimContext context, ReluExample example, int width)
    {
        using ShallowNetwork network = example.Network(context.Device, width);
        ShallowPoint bad = example.Minimum(width);
        CriticalPoint point = CriticalPoint.At(network.ObjectiveAt(bad));
        yield return Check.Equal($"width {width}: loss against linear least squares", point.Value, example.LinearLoss, 1e-12 * point.Value);
        yield return Check.AtMost($"width {width}: ‖gradient‖", point.GradientNorm, 1e-10);
        yield return Check.Equal($"width {width}: negative eigenvalues of the Hessian", point.Index, 0);
        yield return Check.AtLeast(
            $"width {width}: lowest change over the loss among random neighbours", ClaimNumbers.LowestChange(context, network, bad, example.SafeRadius), -1e-13);
        yield return Check.AtMost($"width {width}: change of the loss at an explicit better point", network.Loss(example.Better(width)) - point.Value, -1e-6);
        if (width >= network.Inputs.Count)
            yield return Check.AtMost($"width {width}: loss at an exact one", network.Loss(example.Exact(width)), 1e-18);
    }

    private static Plot Draw(ClaimContext context, ReluExample example)
    {
        using ShallowNetwork network = example.Network(context.Device, 2);
        double[] losses = network.LossesAlong([example.Minimum(2), example.Better(2)], PathPoints);
        return new Plot(
            "Straight from the bad minimum to a better point, width 2", new Axis("place on the line"), new Axis("loss"),
            Series.Line("loss", [.. losses.Select((_, i) => i / (double)PathPoints)], losses), Series.Horizontal("linear least squares", example.LinearLoss));
    }
}
