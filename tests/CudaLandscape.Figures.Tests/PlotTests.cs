using System.Xml.Linq;

namespace CudaLandscape.Figures.Tests;

public sealed class PlotTests
{
    private static readonly Axis s_x = new("x"), s_y = new("y");

    [Fact]
    public void A_point_lies_where_the_ticks_of_its_values_are()
    {
        SvgDocument svg = new(new Plot("t", s_x, s_y, Series.Points("", [0, 2, 4], [-1, 0.5, 1])));
        XElement[] marks = [.. svg.Data("circle")];
        Assert.Equal(3, marks.Length);
        Assert.Equal(svg.Tick("x", "2"), SvgDocument.Number(marks[1], "cx"), 0.02);
        Assert.Equal(svg.Tick("y", "0.5"), SvgDocument.Number(marks[1], "cy"), 0.02);
        Assert.Equal(svg.Tick("y", "−1.0"), SvgDocument.Number(marks[0], "cy"), 0.02);
        Assert.True(SvgDocument.Number(marks[0], "cy") > SvgDocument.Number(marks[2], "cy"), "y goes upwards");
    }

    [Fact]
    public void On_log_scales_equal_ratios_are_equally_far_apart()
    {
        Axis x = s_x with { Scale = AxisScale.Log }, y = s_y with { Scale = AxisScale.Log };
        SvgDocument svg = new(new Plot("t", x, y, Series.Points("", [1, 10, 1000], [1e-3, 1e-2, 1])));
        double[] cx = [.. svg.Data("circle").Select(c => SvgDocument.Number(c, "cx"))], cy = [.. svg.Data("circle").Select(c => SvgDocument.Number(c, "cy"))];
        Assert.Equal(2 * (cx[1] - cx[0]), cx[2] - cx[1], 0.05);
        Assert.Equal(2 * (cy[1] - cy[0]), cy[2] - cy[1], 0.05);
        Assert.Equal(svg.Tick("y", "10⁻²"), cy[1], 0.02);
        Assert.Equal(svg.Tick("x", "10³"), cx[2], 0.02);
    }

    [Theory]
    [InlineData(double.NaN, AxisScale.Linear)]
    [InlineData(double.PositiveInfinity, AxisScale.Linear)]
    [InlineData(0, AxisScale.Log)]
    [InlineData(-2, AxisScale.Log)]
    public void What_cannot_be_shown_interrupts_the_line_and_is_counted(double value, AxisScale scale)
    {
        SvgDocument svg = new(new Plot("t", s_x, s_y with { Scale = scale }, Series.LineAndPoints("", [0, 1, 2, 3, 4], [1, 2, value, 4, 5])));
        Assert.Equal(4, svg.Data("circle").Count());
        string path = svg.Data("path").Single().Attribute("d")!.Value;
        Assert.Equal((2, 2), (path.Count(c => c == 'M'), path.Count(c => c == 'L')));
        Assert.StartsWith("not shown: 1 point (not finite", svg.Single("text", "hidden").Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_said_when_all_is_shown() =>
        Assert.DoesNotContain("not shown", new Plot("t", s_x, s_y, Series.Line("", [0, 1], [1, 2])).ToSvg(), StringComparison.Ordinal);

    [Fact]
    public void An_axis_without_a_value_is_refused()
    {
        Plot nan = new("t", s_x, s_y, Series.Line("", [0, 1], [double.NaN, double.NaN]));
        Assert.Contains("axis 'y': no value can be shown", Assert.Throws<ArgumentException>(nan.ToSvg).Message, StringComparison.Ordinal);
        Plot negative = new("t", s_x with { Scale = AxisScale.Log }, s_y, Series.Line("", [-1, 0], [1, 2]));
        Assert.Contains("finite and positive", Assert.Throws<ArgumentException>(negative.ToSvg).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1.0, 0.0)]
    [InlineData(double.NaN, 1.0)]
    public void Limits_that_make_no_range_are_refused(double from, double to)
    {
        Plot plot = new("t", s_x with { From = from, To = to }, s_y, Series.Line("", [0, 1], [1, 2]));
        Assert.Contains("is no range", Assert.Throws<ArgumentException>(plot.ToSvg).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Given_limits_are_the_frame_and_what_is_outside_is_clipped()
    {
        SvgDocument svg = new(new Plot("t", s_x with { From = 0, To = 1 }, s_y, Series.Line("", [-1, 2], [0, 1])));
        Assert.Equal(svg.Frame.Left, svg.Tick("x", "0"), 0.02);
        Assert.Equal(svg.Frame.Right, svg.Tick("x", "1.0"), 0.02);
        Assert.Equal("url(#plot)", svg.In("series").Single().Parent!.Attribute("clip-path")!.Value);
    }

    [Fact]
    public void Series_that_differ_in_length_are_refused() => Assert.Contains(
        "as many x as y", Assert.Throws<ArgumentException>(() => Series.Line("s", [1, 2], [1])).Message, StringComparison.Ordinal);

    [Fact]
    public void Text_is_escaped_and_read_back_as_it_was()
    {
        SvgDocument svg = new(new Plot("a < b & \"c\"", new Axis("‖∇Φ‖ <θ>") { Unit = "s⁻¹" }, s_y, Series.Line("R&D", [0, 1], [0, 1])));
        Assert.Equal("a < b & \"c\"", svg.Single("text", "title").Value);
        Assert.Equal("‖∇Φ‖ <θ> [s⁻¹]", svg.Single("text", "x-label").Value);
        Assert.Contains("R&D", svg.In("legend").Single().Elements().Select(e => e.Value));
    }

    [Fact]
    public void Text_that_xml_does_not_allow_is_refused() =>
        Assert.Throws<ArgumentException>(new Plot("\u0001", s_x, s_y, Series.Line("", [0, 1], [0, 1])).ToSvg);

    [Fact]
    public void The_same_figure_gives_the_same_text()
    {
        static string Svg() => new Plot("t", s_x, s_y, Series.Line("a", [0, 1 / 3.0], [0, 1e-7]), Series.Vertical("v", 0.2)).ToSvg();
        Assert.Equal(Svg(), Svg());
        Assert.DoesNotContain("\r", Svg(), StringComparison.Ordinal);
    }

    [Fact]
    public void Series_differ_in_colour_and_in_marks_or_dashes()
    {
        Series[] series = [.. Enumerable.Range(0, 4).Select(i => Series.Line($"{i}", [0, 1], [i, i + 1]))];
        XElement[] lines = [.. new SvgDocument(new Plot("t", s_x, s_y, series)).Data("path")];
        Assert.Equal(4, lines.Select(l => l.Attribute("stroke")!.Value).Distinct().Count());
        Assert.Equal(4, lines.Select(l => l.Attribute("stroke-dasharray")!.Value).Distinct().Count());
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void The_legend_goes_where_no_data_are(bool right, bool top)
    {
        (double X, double Y)[] points = [.. Enumerable.Range(0, 441).Select(i => (X: i % 21 - 10.0, Y: i / 21 - 10.0))
            .Where(p => p.X > 0 != right || p.Y > 0 != top)];
        Series[] series = [Series.Points("points", [.. points.Select(p => p.X)], [.. points.Select(p => p.Y)]), Series.Points("", [-10, 10], [-10, 10])];
        SvgDocument svg = new(new Plot("t", s_x, s_y, series));
        XElement box = svg.In("legend").Single().Elements().First();
        Assert.Equal(right, SvgDocument.Number(box, "x") > svg.Tick("x", "0"));
        Assert.Equal(top, SvgDocument.Number(box, "y") < svg.Tick("y", "0"));
    }

    [Fact]
    public void A_reference_line_crosses_the_whole_frame()
    {
        SvgDocument svg = new(new Plot("t", s_x, s_y, Series.Line("", [0, 4], [0, 1]), Series.Vertical("v", 2)));
        (_, double top, _, double bottom) = svg.Frame;
        string path = svg.Data("path").Last().Attribute("d")!.Value;
        Assert.Equal($"M{SvgWriter.Number(svg.Tick("x", "2"))} {SvgWriter.Number(top)} V{SvgWriter.Number(bottom)}", path);
    }

    [Fact]
    public void A_single_value_gets_a_range_around_it() =>
        Assert.Single(new SvgDocument(new Plot("t", s_x, s_y with { Scale = AxisScale.Log }, Series.Points("", [3], [1e-5]))).Data("circle"));
}
