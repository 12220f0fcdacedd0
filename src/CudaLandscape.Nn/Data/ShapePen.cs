namespace CudaLandscape.Nn.Data;

/// <summary>
/// Draws one coloured shape. Only + - * / are used, which IEEE 754 fixes to the last bit, so that every platform paints the
/// same bytes.
/// </summary>
internal static class ShapePen
{
    private const int Side = ProceduralShapes.Side, Channels = ProceduralShapes.Channels;
    private const int Samples = 3; // per pixel and axis, to soften edges
    private const double Slope = 3, Noise = 16;

    /// <summary>Paints a shape into an image of three planes of Side x Side bytes.</summary>
    internal static void Draw(int shape, CounterRandom random, Span<byte> image)
    {
        Placement placement = Placement.Draw(ref random);
        Span<double> cover = stackalloc double[Side * Side];
        for (int y = 0; y < Side; y++)
            for (int x = 0; x < Side; x++) cover[y * Side + x] = Cover(shape, placement, x, y);
        for (int c = 0; c < Channels; c++) Paint(cover, ref random, image.Slice(c * Side * Side, Side * Side));
    }

    /// <summary>The part of a pixel that lies in the shape, 0 to 1.</summary>
    private static double Cover(int shape, Placement placement, int x, int y)
    {
        int inside = 0;
        for (int i = 0; i < Samples * Samples; i++)
        {
            (double u, double v) = placement.Map(x + (i % Samples + 0.5) / Samples, y + (i / Samples + 0.5) / Samples);
            if (Contains(shape, Math.Abs(u), v)) inside++;
        }

        return inside / (double)(Samples * Samples);
    }

    // Every shape is its own mirror image: u comes as |u|. v points down; shapes reach from about -1 to 1.
    private static bool Contains(int shape, double u, double v)
    {
        double w = Math.Abs(v), square = u * u + v * v, side = Math.Max(u, w);
        return shape switch
        {
            0 => square <= 1,
            1 => square is >= 0.4 and <= 1,
            2 => side <= 0.85,
            3 => side is >= 0.5 and <= 0.9,
            4 => w <= 0.9 && u <= (v + 0.9) / 1.8,
            5 => Math.Min(u, w) <= 0.28 && side <= 1,
            6 => side <= 1 && w is <= 0.2 or >= 0.6,
            7 => side <= 1 && u is <= 0.2 or >= 0.6,
            8 => square <= 1 && v <= 0,
            _ => (u - 0.55) * (u - 0.55) + v * v <= 0.2,
        };
    }

    // One plane: a sloping background, and a shape at least 88 of 256 brighter or darker on the circle of brightnesses.
    private static void Paint(ReadOnlySpan<double> cover, ref CounterRandom random, Span<byte> plane)
    {
        double back = random.Between(0, 256), fore = (back + random.Between(88, 168)) % 256;
        double slopeX = random.Between(-Slope, Slope), slopeY = random.Between(-Slope, Slope);
        for (int i = 0; i < plane.Length; i++)
        {
            double ground = back + slopeX * (i % Side - Side / 2) + slopeY * (i / Side - Side / 2);
            double value = ground + cover[i] * (fore - ground) + random.Between(-Noise, Noise);
            plane[i] = (byte)Math.Clamp(value, 0, 255);
        }
    }

    /// <summary>Where a shape is: its centre, and the matrix of a turn and a scaling from pixels to the shape's own axes.</summary>
    private readonly record struct Placement(double X, double Y, double Cosine, double Sine)
    {
        // A turn of at most 23 degrees, by the tangent of half the angle.
        internal static Placement Draw(ref CounterRandom random)
        {
            double x = Side / 2.0 + random.Between(-4, 4), y = Side / 2.0 + random.Between(-4, 4);
            double radius = random.Between(7, 12), t = random.Between(-0.2, 0.2), scale = 1 / (radius * (1 + t * t));
            return new Placement(x, y, (1 - t * t) * scale, 2 * t * scale);
        }

        internal (double U, double V) Map(double x, double y) =>
            (Cosine * (x - X) + Sine * (y - Y), Cosine * (y - Y) - Sine * (x - X));
    }
}
