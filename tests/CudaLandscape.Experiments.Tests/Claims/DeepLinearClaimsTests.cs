using CudaLandscape.Experiments.Claims;
using CudaLandscape.Experiments.Claims.DeepLinear;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Tests.Claims;

/// <summary>The claims on deep linear networks and spin glasses at their smallest telling sizes, with a seed that is not the default.</summary>
[Collection("device")]
public sealed class DeepLinearClaimsTests
{
    public static TheoryData<string> Names => [.. DeepLinearClaims.All.Select(claim => claim.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Each_is_decided_at_its_smallest_sizes(string name)
    {
        using TensorScope scope = new();
        IClaim claim = DeepLinearClaims.All.Single(c => c.Name == name);
        Dictionary<string, int> sizes = claim.Sizes.ToDictionary(size => size.Name, size => size.Least);
        ClaimResult result = claim.Run(new ClaimContext(TestDevices.Primary, 7, sizes, _ => throw new InvalidOperationException("no images")));
        Verdict expected = name == "bad-saddles" ? Verdict.DocumentInError : Verdict.Holds;
        Assert.True(result.Verdict == expected, $"{name}: {string.Join("; ", result.Checks.Select(c => $"{c.What}: {c.Computed:R}, {c.Reference}"))}");
    }

    [Fact]
    public void Items_24_to_31_are_there()
    {
        Assert.Equal(Enumerable.Range(24, 8), DeepLinearClaims.All.Select(claim => claim.Item).Distinct().Order());
        Assert.Equal([[0, 1], [0, 2], [1, 2]], DeepLinearClaims.Subsets(3, 2).ToArray());
    }
}
