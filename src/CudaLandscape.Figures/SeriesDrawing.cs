using System.Text;

namespace CudaLandscape.Figures;

/// <summary>Draws series into a plot area. What cannot be shown is a gap in a line and no mark.</summary>
internal static class SeriesDrawing
{
    private const double LineWidth = 1.8, MarkRadius = 3.2;
    private const string ReferenceInk = "#555555", Halo = "#ffffff";

    /// <summary>Draws them all, clipped to the area; a halo sets lines off against a coloured ground.</summary>
    public static void Draw(SvgWriter svg, PlotArea area, IReadOnlyList<Series> series, bool halo = false)
    {
        using IDisposable clipped = svg.Group(("clip-path", "url(#plot)"));
        Style[] styles = [.. Styles(series)];
        for (int i = 0; i < series.Count; i++)
        {
            using IDisposable group = svg.Group(("class", "series"));
            if (series[i].IsReference) Reference(svg, area, series[i], styles[i]);
            if (series[i].HasLine && halo) Line(svg, area, series[i], new Style(Halo, "", 0, LineWidth + 2));
            if (series[i].HasLine) Line(svg, area, series[i], styles[i]);
            if (series[i].HasPoints) Points(svg, area, series[i], styles[i]);
        }
    }

    /// <summary>How many points of the series cannot be shown.</summary>
    public static int Hidden(PlotArea area, IReadOnlyList<Series> series) => series.Where(s => !s.IsReference)
        .Sum(s => s.X.Zip(s.Y).Count(p => !area.X.Axis.Shows(p.First) || !area.Y.Axis.Shows(p.Second)));

    /// <summary>Colour, dashes and mark of each; reference lines are grey, those without a name as the one before.</summary>
    public static IEnumerable<Style> Styles(IReadOnlyList<Series> series)
    {
        int data = 0, references = 0;
        foreach (Series one in series)
        {
            if (one.IsReference && one.Name.Length > 0) references++;
            yield return one.IsReference
                ? new Style(ReferenceInk, Palette.Dashes(Math.Max(1, references)), 0, 1.2)
                : new Style(Palette.Series(data), Palette.Dashes(one.HasPoints ? data / Palette.SeriesColours : data), data++, LineWidth);
        }
    }

    /// <summary>A sample of a series' line between two points.</summary>
    public static void Stroke(SvgWriter svg, string path, Style style) => svg.Element("path", ("d", path), ("fill", "none"),
        ("stroke", style.Colour), ("stroke-width", style.Width), ("stroke-linejoin", "round"), ("stroke-dasharray", style.Dashes.Length == 0 ? "none" : style.Dashes));

    /// <summary>A mark: circle, square, triangle or diamond by the series' number.</summary>
    public static void Mark(SvgWriter svg, double x, double y, Style style)
    {
        const double r = MarkRadius;
        string At(double dx, double dy) => $"{SvgWriter.Number(x + dx)} {SvgWriter.Number(y + dy)}";
        if (style.Shape % 4 == 0)
        {
            svg.Element("circle", ("cx", x), ("cy", y), ("r", r), ("fill", style.Colour), ("stroke", "#ffffff"), ("stroke-width", 0.7));
            return;
        }

        string path = (style.Shape % 4) switch
        {
            1 => $"M{At(-r, -r)} L{At(r, -r)} L{At(r, r)} L{At(-r, r)} Z",
            2 => $"M{At(0, -1.2 * r)} L{At(1.2 * r, r)} L{At(-1.2 * r, r)} Z",
            _ => $"M{At(0, -1.4 * r)} L{At(1.4 * r, 0)} L{At(0, 1.4 * r)} L{At(-1.4 * r, 0)} Z",
        };
        svg.Element("path", ("d", path), ("fill", style.Colour), ("stroke", "#ffffff"), ("stroke-width", 0.7));
    }

    private static void Reference(SvgWriter svg, PlotArea area, Series series, Style style)
    {
        double at = series.Kind == SeriesKind.Vertical ? area.Horizontal(series.X[0]) : area.Vertical(series.Y[0]);
        if (double.IsNaN(at)) throw new ArgumentException($"reference line '{series.Name}' is at a value that the axis cannot show.");
        Stroke(svg, series.Kind == SeriesKind.Vertical
            ? $"M{SvgWriter.Number(at)} {SvgWriter.Number(area.Top)} V{SvgWriter.Number(area.Bottom)}"
            : $"M{SvgWriter.Number(area.Left)} {SvgWriter.Number(at)} H{SvgWriter.Number(area.Right)}", style);
    }

    private static void Line(SvgWriter svg, PlotArea area, Series series, Style style)
    {
        StringBuilder path = new();
        bool open = false;
        for (int i = 0; i < series.X.Count; i++)
        {
            (double x, double y) = (area.Horizontal(series.X[i]), area.Vertical(series.Y[i]));
            bool shown = !double.IsNaN(x + y);
            if (shown) path.Append(open ? " L" : path.Length == 0 ? "M" : " M").Append($"{SvgWriter.Number(x)} {SvgWriter.Number(y)}");
            open = shown;
        }

        if (path.Length > 0) Stroke(svg, path.ToString(), style);
    }

    private static void Points(SvgWriter svg, PlotArea area, Series series, Style style)
    {
        for (int i = 0; i < series.X.Count; i++)
        {
            (double x, double y) = (area.Horizontal(series.X[i]), area.Vertical(series.Y[i]));
            if (!double.IsNaN(x + y)) Mark(svg, x, y, style);
        }
    }

    /// <summary>How a series looks.</summary>
    /// <param name="Colour">Of line and mark.</param>
    /// <param name="Dashes">Of the line; empty for a solid one.</param>
    /// <param name="Shape">Which mark.</param>
    /// <param name="Width">Of the line.</param>
    internal readonly record struct Style(string Colour, string Dashes, int Shape, double Width);
}
