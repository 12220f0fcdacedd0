using CudaLandscape.Experiments.Claims;
using CudaLandscape.Experiments.Claims.Lecture;
using CudaLandscape.Nn.Data;

namespace CudaLandscape.Experiments.Tests.Claims;

/// <summary>What the lecture note's claims have beside their verdicts, which ClaimListTests takes.</summary>
[Collection("device")]
public sealed class LectureClaimsTests
{
    [Fact]
    public void Items_32_to_37_are_there() =>
        Assert.Equal(Enumerable.Range(32, 6), LectureClaims.All.Select(claim => claim.Item).Distinct());

    [Fact]
    public void Too_few_units_for_the_samples_decide_nothing()
    {
        ClaimOutcome outcome = Run("flat-segment-minima", new() { ["n"] = 5, ["width"] = 9, ["draws"] = 5000 });
        Assert.Equal((Verdict.Open, "width=9 is not twice n=5"), (outcome.Result.Verdict, outcome.Result.OpenBecause));
    }

    // The planted violation: training that ends too early must not pass for a fit.
    [Fact]
    public void Labels_that_were_not_fitted_fail()
    {
        ClaimOutcome outcome = Run("random-labels-trained", new() { ["n"] = 100, ["epochs"] = 1 });
        Assert.Equal(Verdict.Fails, outcome.Result.Verdict);
        Assert.False(outcome.Result.Checks[0].IsSatisfied);
    }

    private static ClaimOutcome Run(string name, Dictionary<string, int> sizes)
    {
        ClaimRunner runner = new(TestDevices.Primary, 1, sizes, count => ProceduralDigits.Generate(count, 1));
        return runner.Run(Assert.Single(ClaimList.Find(ClaimList.All, name)));
    }
}
