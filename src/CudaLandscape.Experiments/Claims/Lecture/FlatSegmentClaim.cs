using CudaLandscape.Figures;
using CudaLandscape.Landscape.BadMinima;
using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Experiments.Claims.Lecture;

/// <summary>A wide network whose activation has a flat segment: bad minima exist, but none that is strict, and a path leads out.</summary>
internal sealed class FlatSegmentClaim : IClaim
{
    private const int Dimension = 2, PathPoints = 200;

    public int Item => 35;

    public string Name => "flat-segment-minima";

    public string Statement => "wide networks can have bad minima, but not strict ones: a path that never rises leads out";

    public string Source => "Lecture note 6, section 6.2; Yu and Chen, 1995, against Li, Ding and Sun, 2018";

    public IReadOnlyList<ClaimSize> Sizes { get; } =
    [
        new("n", "samples", 4, 3, 50),
        new("width", "hidden units, at least twice the samples", 8, 8, 500),
        new("draws", "random neighbours at each radius", 20_000, 5000, 10_000_000),
    ];

    public long EstimateBytes(ClaimContext context) => 8L * 10 * 2000 * context.Size("width") * context.Size("n");

    public ClaimResult Run(ClaimContext context)
    {
        (int n, int width) = (context.Size("n"), context.Size("width"));
        if (width < 2 * n) return new ClaimResult() { OpenBecause = $"width={width} is not twice n={n}" };
        double[][] x = [.. ClaimNumbers.Normal(context, n * Dimension, 1).Chunk(Dimension)];
        double[] y = ClaimNumbers.Normal(context, n, 2);
        using ShallowNetwork network = new(context.Device, x, y, width, FlatSegment.Activation);
        ShallowPoint bad = FlatSegment.Minimum(network, context.Stream(3));
        CriticalPoint point = CriticalPoint.At(network.ObjectiveAt(bad));
        IReadOnlyList<ShallowPoint> path = FlatSegment.PathOut(network, bad, context.Stream(4));
        double[] losses = network.LossesAlong(path, PathPoints);
        double mean = y.Average(), largest = x.Max(sample => Math.Sqrt(sample.Sum(v => v * v)));
        return new ClaimResult(
            Check.AtLeast("lowest change over the loss among random neighbours", ClaimNumbers.LowestChange(context, network, bad, 0.4 / (1 + largest)), -1e-13),
            Check.Equal("loss at the bad minimum against ½ Σ (y - mean)²", point.Value, y.Sum(v => (v - mean) * (v - mean)) / 2, 1e-12),
            Check.AtMost("‖gradient‖ there", point.GradientNorm, 1e-12),
            Check.Equal("negative eigenvalues of the Hessian", point.Index, 0),
            Check.AtLeast("zero eigenvalues: it is not strict", point.Nullity, 1),
            Check.AtMost("largest rise of the loss along the path out", losses.Zip(losses.Skip(1), (a, b) => b - a).Max(), 1e-12),
            Check.AtMost("loss where it ends", losses[^1], 1e-20),
            Check.AtLeast("how much lower that is: the minimum is bad", point.Value - losses[^1], 1e-3),
            Check.Equal($"rank of the features at the bad minimum, N = {n}", Rank.Of(network.Features(bad)).Rank, 1),
            Check.Equal("and where the path ends", Rank.Of(network.Features(path[^1])).Rank, n))
        {
            Note = $"σ(t) = 1 for |t| ≤ 1, quadratic beyond; {width} units, {n} samples of {Dimension} numbers. All inputs of σ are within ±½; neighbours are at the "
                + "radius at which they stay within ±1, and at a tenth and a hundredth of it. Within it the output is a constant whatever W and B are.",
            Figures = [new("flat-segment-path", Draw(losses))],
        };
    }

    private static Plot Draw(double[] losses)
    {
        double[] along = [.. losses.Select((_, i) => i / (double)PathPoints)];
        return new Plot(
            "From a bad minimum to zero on a path that never rises", new Axis("place on the path (corners at 0, 1, 2, 3)"), new Axis("loss"),
            Series.Line("", along, losses), Series.Vertical("", 1), Series.Vertical("", 2));
    }
}
