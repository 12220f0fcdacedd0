using System.Globalization;

namespace CudaLandscape.Figures;

/// <summary>
/// Colours that people with any colour vision tell apart: for series those of Okabe and Ito (2008) without yellow, which is too
/// pale on white; for values viridis (van der Walt and Smith, 2015), which also rises in lightness.
/// </summary>
internal static class Palette
{
    private static readonly string[] s_series = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];
    private static readonly string[] s_dashes = ["", "7 3", "2 2.5", "9 3 2 3"];

    private static readonly int[] s_viridis =
        [0x440154, 0x482878, 0x3e4989, 0x31688e, 0x26828e, 0x1f9e89, 0x35b779, 0x6ece58, 0xb5de2b, 0xfde725];

    /// <summary>Colours before they repeat.</summary>
    public static int SeriesColours => s_series.Length;

    /// <summary>Colour of series i.</summary>
    public static string Series(int i) => s_series[i % s_series.Length];

    /// <summary>Dashes of line i, so that lines differ in print too; empty for a solid line.</summary>
    public static string Dashes(int i) => s_dashes[i % s_dashes.Length];

    /// <summary>Colour of a value between 0 and 1.</summary>
    public static string Value(double fraction)
    {
        double place = Math.Clamp(fraction, 0, 1) * (s_viridis.Length - 1);
        int below = Math.Min((int)place, s_viridis.Length - 2);
        int Mix(int shift)
        {
            int a = (s_viridis[below] >> shift) & 255, b = (s_viridis[below + 1] >> shift) & 255;
            return (int)Math.Round(a + (b - a) * (place - below));
        }

        return string.Create(CultureInfo.InvariantCulture, $"#{(Mix(16) << 16) | (Mix(8) << 8) | Mix(0):x6}");
    }
}
