using System.Globalization;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>Number of singular values above a threshold, and what rounding leaves open of it.</summary>
/// <param name="Rank">Number above the threshold.</param>
/// <param name="Low">Number above threshold + η: the rank is at least this.</param>
/// <param name="High">Number above threshold - η: the rank is at most this.</param>
public sealed record RankWindow(long Rank, long Low, long High)
{
    /// <summary>The rank, with its window when that is open: <c>3967 [3964..3970]</c>.</summary>
    public override string ToString() => Low == High
        ? Rank.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Rank} [{Low}..{High}]");

    /// <summary>Counts singular values.</summary>
    internal static RankWindow Of(double[] sigma, double threshold, double eta) => new(
        sigma.LongCount(s => s > threshold), sigma.LongCount(s => s > threshold + eta), sigma.LongCount(s => s > threshold - eta));
}
