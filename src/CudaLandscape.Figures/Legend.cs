namespace CudaLandscape.Figures;

/// <summary>The names of the series in a box, in that corner of the plot area where it hides the fewest data.</summary>
internal static class Legend
{
    private const double Line = 17, Sample = 26, Inset = 8, Gap = 9;

    /// <summary>Draws the box; nothing when no series has a name.</summary>
    public static void Draw(SvgWriter svg, PlotArea area, IReadOnlyList<Series> series)
    {
        (Series Series, SeriesDrawing.Style Style)[] named = [.. series.Zip(SeriesDrawing.Styles(series)).Where(s => s.First.Name.Length > 0)];
        if (named.Length == 0) return;
        double width = Sample + 3 * Inset + named.Max(n => TextSize.Width(n.Series.Name, TextSize.Small)), height = named.Length * Line + Inset;
        (double left, double top) = EmptiestCorner(area, series, width, height);
        using IDisposable group = svg.Group(("class", "legend"), ("font-size", TextSize.Small));
        svg.Element("rect", ("x", left), ("y", top), ("width", width), ("height", height), ("rx", 3),
            ("fill", "#ffffff"), ("fill-opacity", 0.85), ("stroke", "#bbbbbb"));
        for (int i = 0; i < named.Length; i++)
            Entry(svg, left + Inset, top + Inset / 2 + (i + 0.5) * Line, named[i].Series, named[i].Style);
    }

    private static void Entry(SvgWriter svg, double x, double y, Series series, SeriesDrawing.Style style)
    {
        if (!series.HasPoints || series.HasLine)
            SeriesDrawing.Stroke(svg, $"M{SvgWriter.Number(x)} {SvgWriter.Number(y)} h{SvgWriter.Number(Sample)}", style);
        if (series.HasPoints) SeriesDrawing.Mark(svg, x + Sample / 2, y, style);
        svg.Text(x + Sample + Inset, y + 0.35 * TextSize.Small, series.Name, "start");
    }

    private static (double Left, double Top) EmptiestCorner(PlotArea area, IReadOnlyList<Series> series, double width, double height)
    {
        (double Left, double Top)[] corners =
        [
            (area.Right - width - Gap, area.Top + Gap), (area.Left + Gap, area.Top + Gap),
            (area.Right - width - Gap, area.Bottom - height - Gap), (area.Left + Gap, area.Bottom - height - Gap),
        ];
        (double X, double Y)[] drawn = [.. series.SelectMany(s => Drawn(area, s))];
        return corners.MinBy(c => drawn.Count(p =>
            p.X > c.Left - Gap && p.X < c.Left + width + Gap && p.Y > c.Top - Gap && p.Y < c.Top + height + Gap));
    }

    // Places the series covers; along lines ten for each stretch, so that a long one counts where it passes.
    private static IEnumerable<(double X, double Y)> Drawn(PlotArea area, Series series)
    {
        if (series.IsReference) return Reference(area, series);
        (double X, double Y)[] points = [.. series.X.Zip(series.Y).Select(p => (area.Horizontal(p.First), area.Vertical(p.Second)))];
        if (!series.HasLine) return points;
        return points.Zip(points.Skip(1)).SelectMany(p => Enumerable.Range(0, 11).Select(i =>
            (p.First.X + (p.Second.X - p.First.X) * i / 10, p.First.Y + (p.Second.Y - p.First.Y) * i / 10)));
    }

    private static IEnumerable<(double X, double Y)> Reference(PlotArea area, Series series) => Enumerable.Range(0, 21).Select(i =>
        series.Kind == SeriesKind.Vertical
            ? (area.Horizontal(series.X[0]), area.Top + area.Height * i / 20)
            : (area.Left + area.Width * i / 20, area.Vertical(series.Y[0])));
}
