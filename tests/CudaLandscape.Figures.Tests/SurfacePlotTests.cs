using System.Globalization;
using System.Text.RegularExpressions;

namespace CudaLandscape.Figures.Tests;

public sealed partial class SurfacePlotTests
{
    private static readonly double[] s_grid = [.. Enumerable.Range(0, 41).Select(i => -2 + 0.1 * i)];

    [Fact]
    public void Contours_of_a_cone_are_circles()
    {
        SvgDocument svg = new(Of((x, y) => Math.Sqrt(x * x + y * y)));
        double centreX = svg.Tick("x", "0"), centreY = svg.Tick("y", "0"), unit = svg.Tick("x", "1.0") - centreX;
        string[] paths = [.. svg.In("contours").Single().Elements().Select(e => e.Attribute("d")!.Value)];
        string one = paths.MinBy(p => Math.Abs(Radius(p, centreX, centreY).Mean - unit))!;
        Assert.InRange(Radius(one, centreX, centreY).Mean / unit, 0.99, 1.01);
        Assert.InRange(Radius(one, centreX, centreY).Spread / unit, 0, 0.01);
    }

    [Fact]
    public void Values_go_from_the_darkest_to_the_palest_colour_and_left_to_right()
    {
        SvgDocument svg = new(Of((x, _) => x));
        string[] row = [.. svg.In("cells").Single().Elements().Select(e => e.Attribute("fill")!.Value).Take(41)];
        Assert.Equal((Palette.Value(0.5 / 128), Palette.Value(127.5 / 128)), (row[0], row[40]));
    }

    [Fact]
    public void The_first_row_of_values_is_at_the_bottom()
    {
        SvgDocument svg = new(Of((_, y) => y));
        (double _, double top, double _, double bottom) = svg.Frame;
        var cells = svg.In("cells").Single().Elements().ToArray();
        Assert.Equal(41, cells.Length); // one rectangle for each row of equal values
        Assert.Equal(bottom, SvgDocument.Number(cells[0], "y") + SvgDocument.Number(cells[0], "height"), 0.02);
        Assert.Equal(top, SvgDocument.Number(cells[^1], "y"), 0.02);
    }

    [Fact]
    public void A_value_that_is_not_finite_is_grey_has_no_contour_and_is_counted()
    {
        SvgDocument svg = new(Of((x, y) => x > 1.95 && y > 1.95 ? double.NaN : x));
        Assert.Contains(svg.In("cells").Single().Elements(), e => e.Attribute("fill")!.Value == "#bdbdbd");
        Assert.StartsWith("not shown: 1 point", svg.Single("text", "hidden").Value, StringComparison.Ordinal);
        Assert.Empty(Contours.Segments(new[,] { { 0, double.NaN }, { 1, 1 } }, 0.5));
    }

    [Theory]
    [InlineData(1, 0.6)]
    [InlineData(0, 0.6)]
    [InlineData(1, 0.4)]
    [InlineData(0, 0.4)]
    public void Where_a_level_crosses_all_four_sides_the_mean_decides(double diagonal, double level)
    {
        double[,] values = { { diagonal, 1 - diagonal }, { 1 - diagonal, diagonal } };
        var segments = Contours.Segments(values, level).ToArray();
        Assert.Equal(2, segments.Length);
        bool meanBelow = 0.5 < level;
        Assert.All(segments, s =>
        {
            double x = (s.From.X + s.To.X) / 2, y = (s.From.Y + s.To.Y) / 2;
            int column = x < 0.5 ? 0 : 1, row = y < 0.5 ? 0 : 1;
            Assert.NotEqual(meanBelow, values[row, column] < level); // each segment cuts off a corner on the other side of the mean
        });
    }

    [Fact]
    public void Series_are_drawn_over_the_surface()
    {
        SvgDocument svg = new(Of((x, y) => x * y) with { Series = [Series.Points("minimum", [1], [-1])] });
        Assert.Equal(svg.Tick("x", "1.0"), SvgDocument.Number(svg.Data("circle").Single(), "cx"), 0.02);
        Assert.Equal(svg.Tick("y", "−1.0"), SvgDocument.Number(svg.Data("circle").Single(), "cy"), 0.02);
    }

    [Fact]
    public void A_grid_that_does_not_rise_and_values_that_do_not_fit_are_refused()
    {
        Axis a = new("a");
        Assert.Contains("rising values", Assert.Throws<ArgumentException>(() => new SurfacePlot("t", a, a, a, [0, 0], [0, 1], new double[2, 2])).Message, StringComparison.Ordinal);
        Assert.Contains("expects 2 x 3 values", Assert.Throws<ArgumentException>(() => new SurfacePlot("t", a, a, a, [0, 1, 2], [0, 1], new double[3, 2])).Message, StringComparison.Ordinal);
    }

    private static SurfacePlot Of(Func<double, double, double> f)
    {
        double[,] values = new double[s_grid.Length, s_grid.Length];
        for (int i = 0; i < s_grid.Length; i++)
        {
            for (int j = 0; j < s_grid.Length; j++) values[i, j] = f(s_grid[j], s_grid[i]);
        }

        return new SurfacePlot("t", new Axis("x"), new Axis("y"), new Axis("f"), s_grid, s_grid, values);
    }

    private static (double Mean, double Spread) Radius(string path, double centreX, double centreY)
    {
        double[] radii = [.. Coordinates().Matches(path).Select(m => Math.Sqrt(
            Math.Pow(Parse(m.Groups[1]) - centreX, 2) + Math.Pow(Parse(m.Groups[2]) - centreY, 2)))];
        return (radii.Average(), radii.Max() - radii.Min());
    }

    private static double Parse(Group group) => double.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"([\d.]+) ([\d.]+)")]
    private static partial Regex Coordinates();
}
