using CudaLandscape.Experiments.Claims;

namespace CudaLandscape.Experiments.Tests.Claims;

public sealed class VerdictTests
{
    private static readonly Check s_true = Check.AtMost("true", 1, 2), s_false = Check.AtMost("false", 3, 2);
    private static readonly Check s_corrects = Check.Contradicts("corrects", 1, 2), s_shown = Check.Observe("shown", 5);

    [Fact]
    public void A_claim_holds_only_when_every_check_that_decides_is_satisfied()
    {
        Assert.Equal(Verdict.Holds, new ClaimResult(s_true, s_shown).Verdict);
        Assert.Equal(Verdict.Fails, new ClaimResult(s_true, s_false, s_shown).Verdict);
        Assert.Equal("false", new ClaimResult(s_true, s_false).Headline!.What);
    }

    [Fact]
    public void Nothing_computed_is_open_and_never_holds()
    {
        Assert.Equal(Verdict.Open, new ClaimResult().Verdict);
        Assert.Equal(Verdict.Open, new ClaimResult(s_shown).Verdict);
        Assert.Equal(Verdict.Open, new ClaimResult(s_true) { OpenBecause = "too small" }.Verdict);
        Assert.Equal(Verdict.Open, new ClaimResult(s_corrects) { OpenBecause = "too small" }.Verdict);
    }

    [Fact]
    public void A_violated_check_fails_at_any_size() =>
        Assert.Equal(Verdict.Fails, new ClaimResult(s_false) { OpenBecause = "too small" }.Verdict);

    [Fact]
    public void A_document_is_in_error_only_when_the_computation_contradicts_it()
    {
        Assert.Equal(Verdict.DocumentInError, new ClaimResult(s_true, s_corrects).Verdict);
        Assert.Equal(Verdict.Fails, new ClaimResult(s_true, Check.Contradicts("agrees", 2, 2)).Verdict);
        Assert.Equal(Verdict.Fails, new ClaimResult(Check.Contradicts("within rounding", 2.1, 2, 0.2)).Verdict);
        Assert.Equal(Verdict.Fails, new ClaimResult(Check.ContradictsAtMost("below the limit", 2, 2)).Verdict);
        Assert.Equal(Verdict.DocumentInError, new ClaimResult(Check.ContradictsAtMost("above the limit", 3, 2)).Verdict);
    }

    [Fact]
    public void A_number_that_is_NaN_satisfies_no_check()
    {
        Check[] checks =
        [
            Check.AtMost("", double.NaN, 1), Check.AtLeast("", double.NaN, 1), Check.Equal("", double.NaN, 1, 1e9),
            Check.Contradicts("", double.NaN, 1), Check.ContradictsAtMost("", double.NaN, 1),
        ];
        Assert.All(checks, c => Assert.Equal(Verdict.Fails, new ClaimResult(c).Verdict));
    }

    [Theory]
    [InlineData(1, 1, 0, true)]
    [InlineData(1.5, 1, 0.5, true)]
    [InlineData(1.6, 1, 0.5, false)]
    [InlineData(0.4, 1, 0.5, false)]
    public void Equality_is_to_a_tolerance_on_both_sides(double computed, double reference, double tolerance, bool expected) =>
        Assert.Equal(expected, Check.Equal("", computed, reference, tolerance).IsSatisfied);

    [Fact]
    public void The_margin_is_the_distance_to_the_limit()
    {
        Assert.Equal(1.5, Check.AtMost("", 0.5, 2).Margin);
        Assert.Equal(-1.5, Check.AtLeast("", 0.5, 2).Margin);
        Assert.Equal(0.25, Check.Equal("", 1.25, 1, 0.5).Margin);
    }
}
