namespace CudaLandscape.Figures;

/// <summary>Lines and points over two axes, such as a loss along a path or eigenvalues by rank.</summary>
/// <param name="Title">The title.</param>
/// <param name="X">The horizontal axis.</param>
/// <param name="Y">The vertical axis.</param>
/// <param name="Series">What is drawn, the last on top.</param>
public sealed record Plot(string Title, Axis X, Axis Y, params IReadOnlyList<Series> Series) : IFigure
{
    private const double Width = 640, Height = 420, Top = 40, Right = 24, Bottom = 52, Margin = 0.04;

    /// <inheritdoc/>
    /// <remarks>A point that is not finite, or not positive on a log scale, is a gap; how many there are is said below the plot.</remarks>
    public string ToSvg()
    {
        AxisMap x = new(X, Series.SelectMany(s => s.X), Margin), y = new(Y, Series.SelectMany(s => s.Y), Margin);
        double left = AxesDrawing.LeftMargin(y) + 8;
        PlotArea area = new(left, Top, Width - left - Right, Height - Top - Bottom, x, y);
        int hidden = SeriesDrawing.Hidden(area, Series);
        double height = Height + (hidden > 0 ? 1.5 * TextSize.Normal : 0);
        using SvgWriter svg = new(Width, height, Title);
        svg.Clip(area);
        AxesDrawing.Grid(svg, area);
        SeriesDrawing.Draw(svg, area, Series);
        AxesDrawing.Frame(svg, area, Title);
        Legend.Draw(svg, area, Series);
        if (hidden > 0) HiddenNote.Write(svg, area, hidden, height, X, Y);
        return svg.Finish();
    }
}
