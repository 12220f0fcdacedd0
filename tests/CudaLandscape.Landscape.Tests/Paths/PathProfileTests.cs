using CudaLandscape.Landscape.Paths;

namespace CudaLandscape.Landscape.Tests.Paths;

public sealed class PathProfileTests
{
    [Theory]
    [InlineData(new[] { 3.0, 2, 1, 0 }, 0, 0)]
    [InlineData(new[] { 3.0, 2, 2.5, 0 }, 0.5, 0)] // a planted bump, below the higher end
    [InlineData(new[] { 1.0, 4, 2, 2 }, 3, 2)] // a planted barrier
    [InlineData(new[] { 5.0, 1, 1.25, 0.5, 2 }, 1.5, 0)] // two rises, the second one larger
    public void Rises_and_barriers_are_found(double[] losses, double rise, double barrier)
    {
        PathProfile profile = new([.. Enumerable.Range(0, losses.Length).Select(i => (double)i)], [.. losses.Select(l => new PointLoss(l, 0))]);
        Assert.Equal((rise, barrier, losses.Max()), (profile.LargestRise, profile.Barrier, profile.Highest));
    }

    [Fact]
    public void Positions_and_losses_have_to_match() =>
        Assert.Contains("got 1 and 2", Assert.Throws<ArgumentException>(() => new PathProfile([0, 1], [default])).Message);
}
