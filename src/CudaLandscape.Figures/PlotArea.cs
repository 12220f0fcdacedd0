namespace CudaLandscape.Figures;

/// <summary>The rectangle of a figure in which data are drawn, in pixels from the top left, and where values lie in it.</summary>
internal sealed record PlotArea(double Left, double Top, double Width, double Height, AxisMap X, AxisMap Y)
{
    public double Right => Left + Width;

    public double Bottom => Top + Height;

    /// <summary>Pixels from the left; NaN for what cannot be shown.</summary>
    public double Horizontal(double x) => Left + X.Fraction(x) * Width;

    /// <summary>Pixels from the top; NaN for what cannot be shown.</summary>
    public double Vertical(double y) => Bottom - Y.Fraction(y) * Height;
}
