using CudaLandscape.Experiments.Claims;
using CudaLandscape.Experiments.Claims.Lecture;
using CudaLandscape.Landscape.Paths;

namespace CudaLandscape.Experiments.Tests.Claims;

/// <summary>What items 38 and 39 decide from profiles in which a violation is planted; ClaimListTests computes true ones.</summary>
public sealed class PathClaimsTests
{
    private static readonly PathProfile s_falling = Profile(2, 1.5, 1, 0.1), s_barrier = Profile(0.01, 3, 0.02), s_flat = Profile(0.01, 0.03, 0.02);

    [Fact]
    public void A_line_that_falls_between_the_networks_satisfies_item_38() =>
        Assert.All(LinearInterpolationClaim.Judge([Run(s_falling)]), check => Assert.True(check.IsSatisfied, check.What));

    [Theory]
    [InlineData("largest rise", new[] { 2, 1, 1.1, 0.1 })]
    [InlineData("barrier", new[] { 2, 2.1, 1, 0.1 })]
    [InlineData("loss at α = 1", new[] { 2, 1.5, 1, 0.6 })]
    public void A_planted_rise_barrier_or_training_that_does_not_train_fails_item_38(string what, double[] losses)
    {
        Check[] failed = [.. LinearInterpolationClaim.Judge([Run(s_falling), Run(Profile(losses))]).Where(c => !c.IsSatisfied)];
        Assert.Contains(failed, check => check.What.StartsWith(what, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2.0000001, 0.1)]
    [InlineData(2, 0.1000001)]
    public void A_line_that_does_not_end_at_the_networks_fails_item_38(double start, double end)
    {
        Check[] failed = [.. LinearInterpolationClaim.Judge([(s_falling, new PointLoss(start, 0), new PointLoss(end, 0))]).Where(c => !c.IsSatisfied)];
        Assert.StartsWith("losses at α = 0 and 1", Assert.Single(failed).What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flat_curve_beside_a_line_with_a_barrier_satisfies_item_39() =>
        Assert.All(Connected(s_barrier, s_flat, 0.02), check => Assert.True(check.IsSatisfied, check.What));

    [Fact]
    public void A_curve_with_a_barrier_fails_item_39() =>
        Assert.Contains(Connected(s_barrier, Profile(0.01, 1, 0.02), 0.02), c => !c.IsSatisfied && c.What.StartsWith("barrier on the planted", StringComparison.Ordinal));

    [Fact]
    public void A_line_without_a_barrier_shows_nothing_and_fails_item_39() =>
        Assert.Contains(Connected(s_flat, s_flat, 0.02), c => !c.IsSatisfied && c.What.StartsWith("highest loss on the straight line", StringComparison.Ordinal));

    [Fact]
    public void A_curve_that_does_not_end_at_the_network_fails_item_39() =>
        Assert.StartsWith("losses at the ends", Assert.Single(Connected(s_barrier, s_flat, 0.0200001), c => !c.IsSatisfied).What, StringComparison.Ordinal);

    [Fact]
    public void The_page_quotes_the_published_rows_as_not_reproduced()
    {
        PathProfile tested = new([0, 1], [new PointLoss(0.5, 31), new PointLoss(0.4, 28)]);
        string note = ModeConnectivityPage.Note(400, 500, [new("straight line", s_barrier, s_barrier), new("planted curve", s_flat, tested)]);
        Assert.Contains("| planted curve | 0.01/0.03 | 0/0 | 5.6/6.2 |", note, StringComparison.Ordinal);
        Assert.Contains("**not reproduced**", note, StringComparison.Ordinal);
        Assert.Contains("| CIFAR-10, VGG16 | .24/.24 6.79/6.94 | .14/.24 6.79/7.75 | .16/.27 6.79/8.08 |", note, StringComparison.Ordinal);
    }

    private static IEnumerable<Check> Connected(PathProfile line, PathProfile curve, double end) =>
        ModeConnectivityClaim.Judge(new("line", line, line), [new("planted curve", curve, curve)], (new PointLoss(0.01, 0), new PointLoss(end, 0)));

    private static (PathProfile, PointLoss, PointLoss) Run(PathProfile line) => (line, line.Points[0], line.Points[^1]);

    private static PathProfile Profile(params double[] losses) =>
        new([.. losses.Select((_, i) => i / (losses.Length - 1.0))], [.. losses.Select(l => new PointLoss(l, 0))]);
}
