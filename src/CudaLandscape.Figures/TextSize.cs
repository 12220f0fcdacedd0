using System.Globalization;

namespace CudaLandscape.Figures;

/// <summary>Font sizes, and how wide a text will be, roughly: fonts differ from machine to machine and are not measured.</summary>
internal static class TextSize
{
    public const double Title = 15, Normal = 12, Small = 10.5;
    private const double PerCharacter = 0.6;

    /// <summary>Width of a text in pixels.</summary>
    public static double Width(string text, double size = Normal) => new StringInfo(text).LengthInTextElements * PerCharacter * size;
}
