namespace CudaLandscape.Experiments.Claims.Lecture;

/// <summary>The lecture note's claims on initialisation and bad minima, items 32 to 37.</summary>
internal static class LectureClaims
{
    public static IReadOnlyList<IClaim> All { get; } =
    [
        new SignalPropagationClaim(),
        new NeuronMinimaClaim(), new ManyMinimaClaim(),
        new RealizableClaim(),
        new FlatSegmentClaim(), new SigmoidMinimumClaim(),
        new ReluMinimumClaim(),
        new FlatOrbitsClaim(),
    ];
}
