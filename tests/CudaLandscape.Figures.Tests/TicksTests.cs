namespace CudaLandscape.Figures.Tests;

public sealed class TicksTests
{
    [Theory]
    [InlineData(0, 1, "0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(-1.04, 1.04, "−1.0 −0.5 0 0.5 1.0")]
    [InlineData(0, 60_000, "0 10000 20000 30000 40000 50000 60000")]
    [InlineData(0, 3e-5, "0 0.5×10⁻⁵ 1.0×10⁻⁵ 1.5×10⁻⁵ 2.0×10⁻⁵ 2.5×10⁻⁵ 3.0×10⁻⁵")]
    [InlineData(-2.3, 7.9, "−2 0 2 4 6")]
    public void Linear_ticks_are_round_and_labelled_alike(double low, double high, string expected)
    {
        Ticks ticks = Ticks.Linear(low, high);
        Assert.Equal(expected, string.Join(' ', ticks.Major.Select(t => t.Label)));
        Assert.All(ticks.Minor, m => Assert.InRange(m, low, high));
        Assert.DoesNotContain(ticks.Minor, m => ticks.Major.Any(t => Math.Abs(t.Value - m) < 1e-9 * (high - low)));
    }

    [Fact]
    public void Log_ticks_are_decades_with_eight_small_ones_between()
    {
        Ticks ticks = Ticks.Log(1e-3, 10);
        Assert.Equal(["10⁻³", "10⁻²", "10⁻¹", "10⁰", "10¹"], ticks.Major.Select(t => t.Label));
        Assert.Equal(4 * 8, ticks.Minor.Count);
        double[] first = [2e-3, 3e-3, 4e-3, 5e-3, 6e-3, 7e-3, 8e-3, 9e-3];
        Assert.All(first.Zip(ticks.Minor), p => Assert.Equal(p.First, p.Second, 1e-12));
    }

    [Fact]
    public void Over_many_decades_some_have_a_label_and_the_others_are_small()
    {
        Ticks ticks = Ticks.Log(1e-20, 1);
        Assert.Equal(["10⁻¹⁸", "10⁻¹⁵", "10⁻¹²", "10⁻⁹", "10⁻⁶", "10⁻³", "10⁰"], ticks.Major.Select(t => t.Label));
        Assert.Equal(21 - 7, ticks.Minor.Count);
    }

    [Fact]
    public void Within_two_decades_one_two_and_five_have_labels()
    {
        Assert.Equal(["0.02", "0.05", "0.1"], Ticks.Log(0.015, 0.12).Major.Select(t => t.Label));
        Assert.Equal(["1", "2", "5", "10", "20"], Ticks.Log(0.9, 22).Major.Select(t => t.Label));
        Assert.Equal(["2×10⁻⁶", "5×10⁻⁶"], Ticks.Log(1.5e-6, 8e-6).Major.Select(t => t.Label));
    }

    [Fact]
    public void Over_less_than_that_a_log_axis_has_linear_ticks() =>
        Assert.Equal(["2.30", "2.40", "2.50", "2.60"], Ticks.Log(2.3, 2.62).Major.Select(t => t.Label).Where((_, i) => i % 2 == 0));
}
