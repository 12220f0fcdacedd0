namespace CudaLandscape.Experiments.Claims.NguyenMukkamalaHein;

/// <summary>The claims of Nguyen, Mukkamala and Hein, ICLR'19, on networks with skip connections to the outputs.</summary>
internal static class ValleyClaims
{
    public const string Paper = "Nguyen, Mukkamala and Hein, ICLR'19";

    /// <summary>Those of items 15 and 16, which come before the rank of random features.</summary>
    public static IReadOnlyList<IClaim> BeforeRank { get; } = [new ZeroErrorLossClaim(), new BackwardPathsClaim(), new DistinctFieldsClaim()];

    /// <summary>Those of items 17 to 19 that come after it, and of the network of Table 3.</summary>
    public static IReadOnlyList<IClaim> AfterRank { get; } =
        [new RankConstructionClaim(), new ValleyPathClaim(), new ReadoutHessianClaim(), new ExactReadoutClaim(), new Cnn13NeuronsClaim()];
}
