using CudaLandscape.Landscape.Rank;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Landscape.Tests.Rank;

/// <summary>Every way in which a kept rank can be wrong is noticed.</summary>
public sealed class RankAgreementTests
{
    private static readonly double s_epsilon = Math.Pow(2, -52);

    private static readonly RankResult s_kept = new()
    {
        Rows = 3000, Columns = 2500, Rank = 2500, RankLow = 2500, RankHigh = 2500, SigmaMax = 100, SigmaMin = 1e-6,
        Threshold = 0.5 * Math.Sqrt(5501) * 100 * s_epsilon, Eta = 1000 * s_epsilon, Method = RankMethod.InverseGolubKahan,
        LowerBound = 7e-7, UpperBound = 1.0001e-6, SigmaMaxBound = 130, Seed = 1,
    };

    private static readonly RankResult s_counted = s_kept with
    {
        Rank = 2400, RankLow = 2400, RankHigh = 2400, SigmaMin = 1e-13, UpperBound = 3.2e-13, LowerBound = null, Method = RankMethod.InverseSubspace,
        LowerBoundOfRank = 1e-9, NullSpaceNorm = 6e-13, SigmaOfRank = 1.5e-9, SigmaAfterRank = 4e-13,
        RankAtTenth = new RankWindow(2410, 2405, 2415), RankAtTen = new RankWindow(2390, 2389, 2391),
    };

    private static readonly RankResult s_fresh = s_kept with { LowerBound = 6.5e-7, Seed = 2 };

    public static TheoryData<string, RankResult, double?> Wrong => new()
    {
        { "the matrix is 3000 x 2500, kept was 3000 x 2400", s_kept with { Columns = 2400 }, 1e-6 },
        { "is not 8.2", s_kept with { Threshold = s_kept.Threshold / 10 }, 1e-6 },
        { "kept η", s_kept with { Eta = s_kept.Eta / 10 }, 1e-6 },
        { "do not fit each other", s_kept with { RankHigh = 2501 }, 1e-6 },
        { "the kept rank 2499 is now 2500", s_kept with { Rank = 2499, RankLow = 2499, RankHigh = 2499 }, 1e-6 },
        { "outside the kept window", s_kept with { Rank = 2499, RankLow = 2499, RankHigh = 2499 }, 1e-6 },
        { "without a lower bound above", s_kept with { LowerBound = null }, 1e-6 },
        { "σ_max was", s_kept with { SigmaMax = 100.001 }, 1e-6 },
        { "σ_min was", s_kept with { SigmaMin = 1.1e-6 }, 1e-6 },
        { "the kept lower bound 1.100e-06 is above", s_kept with { LowerBound = 1.1e-6 }, 1e-6 },
        { "the kept upper bound 5.000e-07 is below", s_kept with { UpperBound = 5e-7 }, 4e-7 },
        { "is above the kept bound", s_kept, 1.1e-6 },
        { "is below the lower bound", s_kept, 6e-7 },
        { "above the kept bound", s_kept, double.NaN },
        { "witness v of σ_min is missing", s_kept, null },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_wrong_is_said(string part, RankResult kept, double? norm) =>
        Assert.Contains(RankAgreement.Failures(kept, s_fresh, norm), f => f.Contains(part, StringComparison.Ordinal));

    public static TheoryData<string, RankResult> WrongCounts => new()
    {
        { "no more than 2400 was kept without vectors", s_counted with { NullSpaceNorm = null } },
        { "no more than 2400 was kept without vectors", s_counted with { NullSpaceNorm = 9e-13 } },
        { "σ_2401 was", s_counted with { SigmaAfterRank = 8e-13 + 2 * s_counted.Eta } },
        { "of σ_2400 is above", s_counted with { LowerBoundOfRank = 2e-9 } },
        { "is now 2400", s_counted with { Rank = 2399, RankLow = 2399, RankHigh = 2399 } },
        { "at a tenth of the threshold, 2404, is now 2410 [2405..2415]", s_counted with { RankAtTenth = new RankWindow(2404, 2404, 2404) } },
        { "at 10 times the threshold, 2392, is now 2390 [2389..2391]", s_counted with { RankAtTen = new RankWindow(2392, 2392, 2392) } },
    };

    [Theory]
    [MemberData(nameof(WrongCounts))]
    public void What_is_wrong_with_a_count_is_said(string part, RankResult kept) =>
        Assert.Contains(RankAgreement.Failures(kept, s_counted, 1e-13), f => f.Contains(part, StringComparison.Ordinal));

    [Theory]
    [InlineData(1e-10)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NaN)]
    public void Vectors_on_which_the_matrix_is_not_below_the_threshold_are_said(double norm) => Assert.Contains(
        "on 100 vectors is above the threshold, so that the rank may be more than 2400",
        Assert.Single(RankAgreement.Failures(s_counted, s_counted with { Seed = 2 }, 1e-13, norm)));

    [Fact]
    public void A_given_threshold_is_not_compared_with_the_rule() => Assert.Empty(
        RankAgreement.Failures(s_kept with { Threshold = 1e-9, ThresholdIsGiven = true }, s_fresh with { Threshold = 1e-9 }, 1e-6));

    [Fact]
    public void A_count_agrees_with_vectors_on_which_the_matrix_is_small() => Assert.Empty(RankAgreement.Failures(s_counted, s_counted with { Seed = 2 }, 1e-13, 5e-13));

    [Fact]
    public void What_only_one_side_counted_is_not_compared() =>
        Assert.Empty(RankAgreement.Failures(s_counted with { RankAtHundred = new RankWindow(2300, 2300, 2300) }, s_counted with { RankAtTen = null }, 1e-13));

    [Fact]
    public void A_count_agrees_with_itself() => Assert.Empty(RankAgreement.Failures(s_counted, s_counted with { Seed = 2 }, 1e-13));

    [Fact]
    public void What_agrees_has_no_failures()
    {
        Assert.Empty(RankAgreement.Failures(s_kept, s_fresh, 1e-6));
        RankResult without = s_kept with { UpperBound = null };
        Assert.Empty(RankAgreement.Failures(without, s_fresh, null));
    }
}
