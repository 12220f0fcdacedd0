namespace CudaLandscape.Figures;

/// <summary>Draws title, grid, frame, ticks and labels around a plot area.</summary>
internal static class AxesDrawing
{
    public const double MajorLength = 5, MinorLength = 3;
    private const double TickGap = 4;
    private const string Ink = "#333333", GridInk = "#e4e4e4";

    /// <summary>Room needed to the left of an area for the labels of its y axis.</summary>
    public static double LeftMargin(AxisMap y) => WidestLabel(y) + MajorLength + TickGap + 2 * TextSize.Normal;

    /// <summary>The width of the widest tick label.</summary>
    public static double WidestLabel(AxisMap map) => map.Ticks.Major.Select(t => TextSize.Width(t.Label, TextSize.Small)).DefaultIfEmpty(0).Max();

    /// <summary>Thin lines at the labelled ticks, for under the data.</summary>
    public static void Grid(SvgWriter svg, PlotArea area)
    {
        using IDisposable group = svg.Group(("class", "grid"), ("stroke", GridInk));
        foreach ((double value, _) in area.X.Ticks.Major)
            svg.Element("line", ("x1", area.Horizontal(value)), ("y1", area.Top), ("x2", area.Horizontal(value)), ("y2", area.Bottom));
        foreach ((double value, _) in area.Y.Ticks.Major)
            svg.Element("line", ("x1", area.Left), ("y1", area.Vertical(value)), ("x2", area.Right), ("y2", area.Vertical(value)));
    }

    /// <summary>Frame, ticks, labels and title, for over the data.</summary>
    public static void Frame(SvgWriter svg, PlotArea area, string title)
    {
        svg.Element("rect", ("class", "frame"), ("x", area.Left), ("y", area.Top), ("width", area.Width), ("height", area.Height),
            ("fill", "none"), ("stroke", Ink));
        double centre = area.Left + area.Width / 2;
        svg.Text(centre, area.Top - 12, title, "middle", ("class", "title"), ("font-size", TextSize.Title));
        HorizontalTicks(svg, area);
        svg.Text(centre, area.Bottom + MajorLength + TickGap + 2.6 * TextSize.Normal, area.X.Axis.Text, "middle", ("class", "x-label"));
        VerticalTicks(svg, area, area.Left, -1, area.Y, "y");
        VerticalLabel(svg, area, area.Left - LeftMargin(area.Y) + TextSize.Normal, area.Y, "y");
    }

    /// <summary>Ticks and their labels along a vertical line; side is -1 for its left, 1 for its right.</summary>
    public static void VerticalTicks(SvgWriter svg, PlotArea area, double at, int side, AxisMap map, string name)
    {
        using IDisposable group = svg.Group(("class", $"{name}-ticks"), ("stroke", Ink));
        double Height(double value) => area.Bottom - map.Fraction(value) * area.Height;
        void Tick(double value, double length) =>
            svg.Element("line", ("x1", at), ("y1", Height(value)), ("x2", at + side * length), ("y2", Height(value)));
        foreach (double value in map.Ticks.Minor) Tick(value, MinorLength);
        foreach ((double value, string label) in map.Ticks.Major)
        {
            Tick(value, MajorLength);
            svg.Text(at + side * (MajorLength + TickGap), Height(value) + 0.35 * TextSize.Small, label, side < 0 ? "end" : "start",
                ("font-size", TextSize.Small), ("stroke", "none"));
        }
    }

    /// <summary>An axis' label, turned to read upwards.</summary>
    public static void VerticalLabel(SvgWriter svg, PlotArea area, double x, AxisMap map, string name)
    {
        double y = area.Top + area.Height / 2;
        svg.Text(x, y, map.Axis.Text, "middle", ("class", $"{name}-label"),
            ("transform", $"rotate(-90 {SvgWriter.Number(x)} {SvgWriter.Number(y)})"));
    }

    private static void HorizontalTicks(SvgWriter svg, PlotArea area)
    {
        using IDisposable group = svg.Group(("class", "x-ticks"), ("stroke", Ink));
        void Tick(double value, double length) => svg.Element("line",
            ("x1", area.Horizontal(value)), ("y1", area.Bottom), ("x2", area.Horizontal(value)), ("y2", area.Bottom + length));
        foreach (double value in area.X.Ticks.Minor) Tick(value, MinorLength);
        foreach ((double value, string label) in area.X.Ticks.Major)
        {
            Tick(value, MajorLength);
            svg.Text(area.Horizontal(value), area.Bottom + MajorLength + TickGap + 0.8 * TextSize.Small, label, "middle",
                ("font-size", TextSize.Small), ("stroke", "none"));
        }
    }
}
