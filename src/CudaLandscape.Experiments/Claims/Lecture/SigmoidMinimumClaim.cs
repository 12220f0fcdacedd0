using CudaLandscape.Landscape.BadMinima;
using CudaLandscape.Landscape.CriticalPoints;

namespace CudaLandscape.Experiments.Claims.Lecture;

/// <summary>Sigmoid units on three samples: a local minimum of 1/3 where the global one is 0, with two units and with many.</summary>
internal sealed class SigmoidMinimumClaim : IClaim
{
    public int Item => 35;

    public string Name => "sigmoid-bad-minimum";

    public string Statement => "sigmoid networks that fit three samples exactly have a local minimum of loss 1/3";

    public string Source => "Lecture note 6, section 6.2; Yun, Sra and Jadbabaie, ICLR'19, conditions (C2.3) to (C2.7); Ding, Li and Sun, 2019";

    public IReadOnlyList<ClaimSize> Sizes { get; } =
    [
        new("draws", "random neighbours at each radius, for each width", 20_000, 5000, 10_000_000),
        new("width", "units of the wide network, more than the 3 samples", 12, 4, 200),
    ];

    public long EstimateBytes(ClaimContext context) => 8L * 10 * 2000 * 3 * context.Size("width");

    public ClaimResult Run(ClaimContext context)
    {
        using ShallowNetwork narrow = SigmoidExample.Network(context.Device);
        CriticalPoint saddle = CriticalPoint.At(narrow.ObjectiveAt(SigmoidExample.Constant(firstBias: -1.5)));
        return new ClaimResult(
        [
            .. OfWidth(context, 2), .. OfWidth(context, context.Size("width")),
            Check.Equal("2 units: V₂", SigmoidExample.Constant().V[1], 109.44, 5e-3),
            Check.AtLeast("2 units: negative eigenvalues with b₁ = -1.5, which breaks a condition", saddle.Index, 1),
            Check.AtMost("2 units: ‖gradient‖ there", saddle.GradientNorm, 1e-12),
        ])
        {
            Note = "W = 0, b = (1.5, -4, …, -4), V = (-2, 109.44) with two units; with h units the others share 109.44. That no neighbour is lower is not only sampled: "
                + "within the radius V_j and the inputs of its unit have opposite signs, so V_j σ is convex there, f at the middle of the two other samples is at "
                + "most their mean, and 1/3 is the least loss with that. This does not depend on the number of units; by Li, Ding and Sun (2018) wide ones have no "
                + "strict bad minimum, and this one is not strict.",
        };
    }

    private static IEnumerable<Check> OfWidth(ClaimContext context, int width)
    {
        using ShallowNetwork network = SigmoidExample.Network(context.Device, width);
        ShallowPoint bad = SigmoidExample.Constant(width: width);
        CriticalPoint point = CriticalPoint.At(network.ObjectiveAt(bad));
        double radius = SigmoidExample.SafeRadius(bad);
        yield return Check.Equal($"{width} units: loss at W = 0", point.Value, SigmoidExample.MinimumLoss, 1e-13);
        yield return Check.AtMost($"{width} units: ‖gradient‖ there", point.GradientNorm, 1e-12);
        yield return Check.Equal($"{width} units: negative eigenvalues of the Hessian", point.Index, 0);
        yield return Check.AtLeast($"{width} units: zero eigenvalues", point.Nullity, 1);
        yield return Check.AtLeast(
            $"{width} units: lowest change over the loss among random neighbours, radius {radius} and less", ClaimNumbers.LowestChange(context, network, bad, radius), -1e-13);
        yield return Check.AtMost($"{width} units: loss of an explicit other point", network.Loss(SigmoidExample.Global(width)), 1e-28);
    }
}
