using System.Text;

namespace CudaLandscape.Figures;

/// <summary>Draws contour lines at the ticks of the values, strong at those with a label, pale on dark colours and dark on pale ones.</summary>
internal static class ContourDrawing
{
    /// <summary>Draws one path for each level.</summary>
    public static void Draw(SvgWriter svg, PlotArea area, AxisMap value, double[] x, double[] y, double[,] values)
    {
        double[,] heights = Heights(value, values);
        using IDisposable group = svg.Group(("class", "contours"), ("fill", "none"), ("stroke-width", 0.9), ("clip-path", "url(#plot)"));
        foreach ((double level, double opacity) in (IEnumerable<(double, double)>)
            [.. value.Ticks.Minor.Select(v => (v, 0.3)), .. value.Ticks.Major.Select(t => (t.Value, 0.8))])
        {
            double height = value.Fraction(level);
            string path = Path(area, x, y, heights, height);
            if (path.Length > 0) svg.Element("path", ("d", path), ("stroke", height < 0.6 ? "#ffffff" : "#222222"), ("stroke-opacity", opacity));
        }
    }

    // Interpolated on the scale of the values, so that lines are right on a log scale too.
    private static double[,] Heights(AxisMap value, double[,] values)
    {
        double[,] heights = new double[values.GetLength(0), values.GetLength(1)];
        for (int i = 0; i < heights.GetLength(0); i++)
        {
            for (int j = 0; j < heights.GetLength(1); j++) heights[i, j] = value.Fraction(values[i, j]);
        }

        return heights;
    }

    private static string Path(PlotArea area, double[] x, double[] y, double[,] heights, double height)
    {
        double[] columns = [.. x.Select(area.Horizontal)], rows = [.. y.Select(area.Vertical)];
        string Point((double X, double Y) p) => $"{SvgWriter.Number(Between(columns, p.X))} {SvgWriter.Number(Between(rows, p.Y))}";
        StringBuilder path = new();
        foreach (var (from, to) in Contours.Segments(heights, height)) path.Append($"M{Point(from)} L{Point(to)}");
        return path.ToString();
    }

    private static double Between(double[] places, double index)
    {
        int below = Math.Min((int)index, places.Length - 2);
        return places[below] + (places[below + 1] - places[below]) * (index - below);
    }
}
