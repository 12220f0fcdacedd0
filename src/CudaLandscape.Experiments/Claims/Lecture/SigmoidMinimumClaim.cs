using CudaLandscape.Landscape.BadMinima;
using CudaLandscape.Landscape.CriticalPoints;

namespace CudaLandscape.Experiments.Claims.Lecture;

/// <summary>Two sigmoid units on three samples: a local minimum of 1/3 where the global one is 0.</summary>
internal sealed class SigmoidMinimumClaim : IClaim
{
    public int Item => 35;

    public string Name => "sigmoid-bad-minimum";

    public string Statement => "a sigmoid network that fits three samples exactly has a local minimum of loss 1/3";

    public string Source => "Lecture note 6, section 6.2; Yun, Sra and Jadbabaie, ICLR'19, conditions (C2.3) to (C2.7)";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [new("draws", "random neighbours at each radius", 20_000, 5000, 10_000_000)];

    public ClaimResult Run(ClaimContext context)
    {
        using ShallowNetwork network = SigmoidExample.Network(context.Device);
        ShallowPoint bad = SigmoidExample.Constant(), other = SigmoidExample.Constant(firstBias: -1.5);
        CriticalPoint point = CriticalPoint.At(network.ObjectiveAt(bad)), saddle = CriticalPoint.At(network.ObjectiveAt(other));
        double radius = SigmoidExample.SafeRadius(bad);
        return new ClaimResult(
            Check.Equal("loss at W = 0, b = (1.5, -4), V = (-2, 109.44)", point.Value, SigmoidExample.MinimumLoss, 1e-13),
            Check.Equal("V₂", bad.V[1], 109.44, 5e-3),
            Check.AtMost("‖gradient‖ there", point.GradientNorm, 1e-12),
            Check.Equal("negative eigenvalues of the Hessian", point.Index, 0),
            Check.AtLeast($"lowest change among random neighbours, radius {radius} and less", ClaimNumbers.LowestChange(context, network, bad, radius), -1e-13),
            Check.AtMost("loss of an explicit other point", network.Loss(SigmoidExample.Global()), 1e-28),
            Check.AtLeast("negative eigenvalues with b₁ = -1.5, which breaks a condition", saddle.Index, 1),
            Check.AtMost("‖gradient‖ there", saddle.GradientNorm, 1e-12))
        {
            Note = "The width 2 is below N = 3. That no neighbour is lower is not only sampled: within the radius V_j and the inputs of its unit have opposite signs, "
                + "so V_j σ is convex there, f at the middle of the two other samples is at most their mean, and 1/3 is the least loss with that.",
        };
    }
}
