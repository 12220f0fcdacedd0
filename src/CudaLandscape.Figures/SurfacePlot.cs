namespace CudaLandscape.Figures;

/// <summary>
/// A function of two variables on a grid: colours with a scale beside them, contour lines at the scale's labelled values, and
/// series over both, such as a path or the minima.
/// </summary>
public sealed record SurfacePlot : IFigure
{
    private const double Side = 400, Top = 40, Bottom = 52, BarGap = 16, BarWidth = 16;
    private readonly double[] _x, _y;
    private readonly double[,] _values;

    /// <summary>Declares a surface.</summary>
    /// <param name="title">The title.</param>
    /// <param name="x">The horizontal axis.</param>
    /// <param name="y">The vertical axis.</param>
    /// <param name="value">The axis of the values; its scale is that of the colours.</param>
    /// <param name="xs">Grid points along x, rising, 2 or more.</param>
    /// <param name="ys">Grid points along y, rising, 2 or more.</param>
    /// <param name="values">values[i, j] at (xs[j], ys[i]).</param>
    /// <exception cref="ArgumentException">The grid does not rise, or the values are not ys.Count x xs.Count.</exception>
    public SurfacePlot(string title, Axis x, Axis y, Axis value, IReadOnlyList<double> xs, IReadOnlyList<double> ys, double[,] values)
    {
        RequireRising(title, x, xs);
        RequireRising(title, y, ys);
        if (values.GetLength(0) != ys.Count || values.GetLength(1) != xs.Count)
            throw new ArgumentException(
                $"surface '{title}': expects {ys.Count} x {xs.Count} values for its grid, got {values.GetLength(0)} x {values.GetLength(1)}.");
        (Title, X, Y, Value, _x, _y, _values) = (title, x, y, value, [.. xs], [.. ys], (double[,])values.Clone());
    }

    /// <inheritdoc/>
    public string Title { get; }

    /// <summary>The horizontal axis.</summary>
    public Axis X { get; }

    /// <summary>The vertical axis.</summary>
    public Axis Y { get; }

    /// <summary>The axis of the values.</summary>
    public Axis Value { get; }

    /// <summary>What is drawn over the surface.</summary>
    public IReadOnlyList<Series> Series { get; init; } = [];

    /// <inheritdoc/>
    /// <remarks>A value that is not finite, or not positive on a log scale, leaves its cell grey; how many is said below the plot.</remarks>
    public string ToSvg()
    {
        AxisMap x = new(X, _x, 0), y = new(Y, _y, 0), value = new(Value, _values.Cast<double>(), 0);
        PlotArea area = new(AxesDrawing.LeftMargin(y) + 8, Top, Side, Side, x, y);
        double barLeft = area.Right + BarGap, labelled = barLeft + BarWidth + AxesDrawing.MajorLength + AxesDrawing.WidestLabel(value);
        int hidden = _values.Cast<double>().Count(v => !Value.Shows(v)) + SeriesDrawing.Hidden(area, Series);
        double width = labelled + 2.5 * TextSize.Normal, height = Top + Side + Bottom + (hidden > 0 ? 1.5 * TextSize.Normal : 0);
        using SvgWriter svg = new(width, height, Title);
        svg.Clip(area);
        HeatMap.Draw(svg, area, value, _x, _y, _values);
        ContourDrawing.Draw(svg, area, value, _x, _y, _values);
        SeriesDrawing.Draw(svg, area, Series, halo: true);
        AxesDrawing.Frame(svg, area, Title);
        HeatMap.DrawBar(svg, area, barLeft, BarWidth, value);
        AxesDrawing.VerticalTicks(svg, area, barLeft + BarWidth, 1, value, "value");
        AxesDrawing.VerticalLabel(svg, area, labelled + 1.7 * TextSize.Normal, value, "value");
        Legend.Draw(svg, area, Series);
        if (hidden > 0) HiddenNote.Write(svg, area, hidden, height, X, Y, Value);
        return svg.Finish();
    }

    private static void RequireRising(string title, Axis axis, IReadOnlyList<double> grid)
    {
        bool rising = grid.Count >= 2 && grid.All(axis.Shows) && grid.Zip(grid.Skip(1)).All(p => p.First < p.Second);
        if (!rising)
            throw new ArgumentException(
                $"surface '{title}': the grid along '{axis.Label}' has to be 2 or more rising values that the axis can show; got {grid.Count}.");
    }
}
