namespace CudaLandscape.Figures;

/// <summary>A figure that can be written as SVG.</summary>
public interface IFigure
{
    /// <summary>Its title; also the text for those who cannot see it.</summary>
    string Title { get; }

    /// <summary>
    /// The figure as a well-formed SVG document with line feeds as line ends; the same figure gives the same text on every machine.
    /// </summary>
    /// <exception cref="ArgumentException">Nothing can be shown: an axis without a finite value, or text that XML does not allow.</exception>
    string ToSvg();
}
