namespace CudaLandscape.Figures;

/// <summary>How a series is drawn.</summary>
internal enum SeriesKind
{
    Line,
    Points,
    LineAndPoints,
    Vertical,
    Horizontal,
}
