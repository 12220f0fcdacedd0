using CudaLandscape.Experiments.Claims.DeepLinear;

namespace CudaLandscape.Experiments.Tests.Claims;

/// <summary>What the claims on deep linear networks and spin glasses have beside their verdicts, which ClaimListTests takes.</summary>
public sealed class DeepLinearClaimsTests
{
    [Fact]
    public void Items_24_to_31_are_there() =>
        Assert.Equal(Enumerable.Range(24, 8), DeepLinearClaims.All.Select(claim => claim.Item).Distinct().Order());

    [Fact]
    public void Subsets_are_all_and_in_order() =>
        Assert.Equal([[0, 1], [0, 2], [1, 2]], DeepLinearClaims.Subsets(3, 2).ToArray());
}
