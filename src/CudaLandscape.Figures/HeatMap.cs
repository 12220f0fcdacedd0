namespace CudaLandscape.Figures;

/// <summary>
/// Values on a grid as colours: each grid point's cell reaches half way to its neighbours. Neighbours in a row whose colours are
/// the same are one rectangle.
/// </summary>
internal static class HeatMap
{
    private const string NoValue = "#bdbdbd";
    private const int Shades = 128;

    /// <summary>Draws the cells.</summary>
    public static void Draw(SvgWriter svg, PlotArea area, AxisMap value, double[] x, double[] y, double[,] values)
    {
        double[] columns = Edges([.. x.Select(area.Horizontal)]), rows = Edges([.. y.Select(area.Vertical)]);
        using IDisposable group = svg.Group(("class", "cells"), ("shape-rendering", "crispEdges"), ("clip-path", "url(#plot)"));
        for (int i = 0; i < y.Length; i++)
        {
            for (int j = 0, next; j < x.Length; j = next)
            {
                string colour = Colour(value, values[i, j]);
                for (next = j + 1; next < x.Length && Colour(value, values[i, next]) == colour;) next++;
                svg.Element("rect", ("x", columns[j]), ("y", rows[i + 1]), ("width", columns[next] - columns[j]),
                    ("height", rows[i] - rows[i + 1]), ("fill", colour));
            }
        }
    }

    /// <summary>Draws the scale of the colours, its low end at the bottom.</summary>
    public static void DrawBar(SvgWriter svg, PlotArea area, double left, double width, AxisMap value)
    {
        using IDisposable group = svg.Group(("class", "bar"), ("shape-rendering", "crispEdges"));
        for (int i = 0; i < Shades; i++)
        {
            double top = area.Bottom - area.Height * (i + 1) / Shades;
            svg.Element("rect", ("x", left), ("y", top), ("width", width), ("height", area.Height / Shades), ("fill", Shade(i)));
        }

        svg.Element("rect", ("x", left), ("y", area.Top), ("width", width), ("height", area.Height), ("fill", "none"), ("stroke", "#333333"));
    }

    private static string Colour(AxisMap value, double v)
    {
        double fraction = value.Fraction(v);
        return double.IsNaN(fraction) ? NoValue : Shade((int)Math.Clamp(fraction * Shades, 0, Shades - 1));
    }

    private static string Shade(int i) => Palette.Value((i + 0.5) / Shades);

    private static double[] Edges(double[] centres) =>
        [centres[0], .. centres.Zip(centres.Skip(1)).Select(p => (p.First + p.Second) / 2), centres[^1]];
}
