using CudaLandscape.Experiments.Claims.DeepLinear;
using CudaLandscape.Experiments.Claims.Lecture;
using CudaLandscape.Experiments.Claims.NguyenHein;
using CudaLandscape.Experiments.Claims.NguyenMukkamalaHein;

namespace CudaLandscape.Experiments.Claims;

/// <summary>Every claim there is, in the order of the items.</summary>
internal static class ClaimList
{
    public static IReadOnlyList<IClaim> All { get; } =
    [
        new FullWeightsClaim(),
        new FullRankWeightsClaim(),
        new DistinctPatchesClaim(),
        new ActivationGrowthClaim(),
        new PublishedWidthsClaim(),
        new RandomFeatureRankClaim(),
        new ConstructedRankClaim(),
        new Figure1WidthsClaim(),
        new RandomLabelsFitClaim(),
        new WideSetClaim(),
        new GradientBoundsClaim(),
        new GlobalCriticalPointsClaim(),
        new ZeroLossFamilyClaim(),
        new LinearProbeClaim(),
        new RandomFirstLayerClaim(),
        new RandomLabelsTrainedClaim(),
        .. ValleyClaims.BeforeRank,
        new SkipFeatureRankClaim(),
        .. ValleyClaims.AfterRank,
        .. DeepLinearClaims.All,
        .. LectureClaims.All,
        new LinearInterpolationClaim(),
        new ModeConnectivityClaim(),
        new RepresentationClaim(),
        new WidthSweepClaim(),
    ];

    /// <summary>The claims of an item's number or of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message names the command whose table the item is, or lists what there is.</exception>
    public static IReadOnlyList<IClaim> Find(IEnumerable<IClaim> claims, string itemOrName)
    {
        IClaim[] found = [.. claims.Where(c => c.Name == itemOrName || $"{c.Item}" == itemOrName)];
        if (found.Length > 0) return found;
        if (TableItem.All.FirstOrDefault(t => $"{t.Item}" == itemOrName) is { } table)
            throw new ArgumentException($"--item {itemOrName}: it is no claim but {table.Statement}; {table.Command}.");
        throw new ArgumentException(
            $"--item {itemOrName}: there is no such claim; give one of {string.Join(", ", claims.Select(c => $"{c.Item} {c.Name}"))}.");
    }
}
