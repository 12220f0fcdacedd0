namespace CudaLandscape.Nn.Data;

/// <summary>
/// The random affine map of one image: <c>x' = Xx*x + Xy*y</c>, <c>y' = Yx*x + Yy*y</c> about the middle of the glyph
/// box, plus a shift. It takes the 100 x 100 box to pixels.
/// </summary>
internal readonly record struct DigitWarp(double Xx, double Xy, double Yx, double Yy, double ShiftX, double ShiftY)
{
    /// <summary>Draws scale, aspect, slant, rotation and shift.</summary>
    internal static DigitWarp Draw(ref CounterRandom random, int digit)
    {
        double height = random.Between(15, 20.5) / 100;
        double width = height * (digit == 1 ? random.Between(0.3, 0.5) : random.Between(0.55, 0.85));
        double slant = -0.12 + 0.2 * random.Bell();
        double angle = 0.16 * random.Bell();
        (double sin, double cos) = (Sine(angle), Cosine(angle));
        double middle = ProceduralDigits.Side / 2.0;
        return new(
            width * cos, height * (slant * cos - sin), width * sin, height * (slant * sin + cos),
            middle + 1.1 * random.Bell(), middle + 1.1 * random.Bell());
    }

    /// <summary>Maps a point of the glyph box to pixels.</summary>
    internal (double X, double Y) Map(double x, double y) =>
        (ShiftX + Xx * (x - 50) + Xy * (y - 50), ShiftY + Yx * (x - 50) + Yy * (y - 50));

    // Power series, exact to 1e-6 for the small angles drawn here (below 0.5 radians). The library's sine may differ
    // in the last bit from one platform to the next, and with it a pixel.
    private static double Sine(double a) => a * (1 - a * a / 6 * (1 - a * a / 20));

    private static double Cosine(double a) => 1 - a * a / 2 * (1 - a * a / 12 * (1 - a * a / 30));
}
