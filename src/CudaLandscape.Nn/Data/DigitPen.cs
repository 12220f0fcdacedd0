namespace CudaLandscape.Nn.Data;

/// <summary>
/// Draws one digit. Only + - * / and square root are used, which IEEE 754 fixes to the last bit, so that every platform
/// paints the same bytes.
/// </summary>
internal static class DigitPen
{
    private const int Side = ProceduralDigits.Side;
    private const int MaxSegments = 96;
    private const int MaxPoints = 16;
    private const double Wobble = 8;

    /// <summary>Paints a digit into a black image of Side x Side bytes.</summary>
    /// <param name="digit">The class, 0 to 9.</param>
    /// <param name="random">The stream of this image.</param>
    /// <param name="image">The pixels, all 0 at the start.</param>
    internal static void Draw(int digit, CounterRandom random, Span<byte> image)
    {
        DigitStroke[][] ways = DigitGlyphs.All[digit];
        DigitStroke[] strokes = ways[random.Below(ways.Length)];
        DigitWarp warp = DigitWarp.Draw(ref random, digit);
        double radius = random.Between(0.75, 1.7);
        double ink = random.Between(170, 255.5);
        Span<DigitSegment> all = stackalloc DigitSegment[MaxSegments];
        Span<DigitSegment> segments = all[..Flatten(strokes, warp, random, all)];
        Fit(segments, radius + 0.5);
        Paint(segments, radius + 0.5, ink, image);
    }

    private static int Flatten(DigitStroke[] strokes, DigitWarp warp, CounterRandom random, Span<DigitSegment> target)
    {
        Span<double> x = stackalloc double[MaxPoints], y = stackalloc double[MaxPoints];
        int count = 0;
        foreach (DigitStroke stroke in strokes)
        {
            for (int i = 0; i < stroke.X.Length; i++)
                (x[i], y[i]) = Shaken(stroke.X[i], stroke.Y[i], random);
            count += Trace(stroke, x[..stroke.X.Length], y[..stroke.X.Length], warp, target[count..]);
        }

        return count;
    }

    /// <summary>Moves a point at random; points at one place move together, so that strokes stay joined.</summary>
    private static (double X, double Y) Shaken(double x, double y, CounterRandom random)
    {
        int tag = 2 * ((int)x * 128 + (int)y);
        return (x + Wobble * random.Fixed(tag), y + Wobble * random.Fixed(tag + 1));
    }

    private static int Trace(
        DigitStroke stroke, ReadOnlySpan<double> x, ReadOnlySpan<double> y, DigitWarp warp, Span<DigitSegment> target)
    {
        int count = stroke.Spans * stroke.Steps;
        (double X, double Y) from = warp.Map(x[0], y[0]);
        for (int i = 0; i < count; i++)
        {
            (int span, double t) = (i / stroke.Steps, (i % stroke.Steps + 1.0) / stroke.Steps);
            (double X, double Y) to = warp.Map(stroke.At(x, span, t), stroke.At(y, span, t));
            target[i] = new(from.X, from.Y, to.X, to.Y);
            from = to;
        }

        return count;
    }

    /// <summary>Shrinks and moves the digit where needed, so that the black border stays black.</summary>
    private static void Fit(Span<DigitSegment> segments, double reach)
    {
        double low = ProceduralDigits.Border + reach, high = Side - low;
        (double x0, double x1, double y0, double y1) = Bounds(segments);
        double scale = Math.Min(1, (high - low) / Math.Max(x1 - x0, y1 - y0));
        double dx = Math.Max(low, Math.Min(x0, high - scale * (x1 - x0)));
        double dy = Math.Max(low, Math.Min(y0, high - scale * (y1 - y0)));
        foreach (ref DigitSegment segment in segments)
            segment = new(
                dx + scale * (segment.X0 - x0), dy + scale * (segment.Y0 - y0),
                dx + scale * (segment.X1 - x0), dy + scale * (segment.Y1 - y0));
    }

    private static (double X0, double X1, double Y0, double Y1) Bounds(ReadOnlySpan<DigitSegment> segments)
    {
        const double far = double.MaxValue;
        (double x0, double x1, double y0, double y1) = (far, -far, far, -far);
        foreach (DigitSegment segment in segments)
        {
            x0 = Math.Min(x0, Math.Min(segment.X0, segment.X1));
            x1 = Math.Max(x1, Math.Max(segment.X0, segment.X1));
            y0 = Math.Min(y0, Math.Min(segment.Y0, segment.Y1));
            y1 = Math.Max(y1, Math.Max(segment.Y0, segment.Y1));
        }

        return (x0, x1, y0, y1);
    }

    /// <summary>Pixel = ink * clamp(reach - distance of the pixel's middle to the nearest stroke, 0, 1).</summary>
    private static void Paint(ReadOnlySpan<DigitSegment> segments, double reach, double ink, Span<byte> image)
    {
        Span<double> nearest = stackalloc double[Side * Side];
        nearest.Fill(reach * reach);
        foreach (DigitSegment segment in segments)
            Approach(segment, reach, nearest);
        for (int i = 0; i < nearest.Length; i++)
        {
            if (nearest[i] < reach * reach)
                image[i] = (byte)(ink * Math.Min(reach - Math.Sqrt(nearest[i]), 1));
        }
    }

    /// <summary>Lowers the squared distances of the pixels within reach of a segment.</summary>
    private static void Approach(DigitSegment segment, double reach, Span<double> nearest)
    {
        (int left, int right) = Range(segment.X0, segment.X1, reach);
        (int top, int bottom) = Range(segment.Y0, segment.Y1, reach);
        for (int row = top; row <= bottom; row++)
        {
            for (int column = left; column <= right; column++)
            {
                double distance = segment.SquaredDistance(column + 0.5, row + 0.5);
                if (distance < nearest[row * Side + column])
                    nearest[row * Side + column] = distance;
            }
        }
    }

    private static (int First, int Last) Range(double a, double b, double reach) =>
        (Math.Max(0, (int)(Math.Min(a, b) - reach)), Math.Min(Side - 1, (int)(Math.Max(a, b) + reach)));
}
