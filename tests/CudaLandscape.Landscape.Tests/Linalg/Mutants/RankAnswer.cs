using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Landscape.Tests.Linalg.Mutants;

/// <summary>What a way to compute a rank says of a matrix.</summary>
internal readonly record struct RankAnswer(long Rank, double SigmaMax, double SigmaMin)
{
    public static RankAnswer Of(RankResult r) => new(r.Rank, r.SigmaMax, r.SigmaMin);

    /// <summary>Counts what is above a threshold.</summary>
    public static RankAnswer Count(double[] sigma, double threshold) => new(sigma.LongCount(s => s > threshold), sigma[0], sigma[^1]);
}
