using System.Globalization;

namespace CudaLandscape.Nn.Data;

/// <summary>One stroke of a digit: points in a box of 100 x 100, x to the right, y down.</summary>
/// <param name="X">Horizontal coordinates.</param>
/// <param name="Y">Vertical coordinates.</param>
/// <param name="Smooth">True: a Catmull-Rom curve through the points; false: straight lines.</param>
/// <param name="Closed">True: the last point joins the first.</param>
internal sealed record DigitStroke(double[] X, double[] Y, bool Smooth, bool Closed)
{
    private const int CurveSteps = 5;

    /// <summary>Number of spans between neighbouring points.</summary>
    internal int Spans => Closed ? X.Length : X.Length - 1;

    /// <summary>Straight pieces per span.</summary>
    internal int Steps => Smooth ? CurveSteps : 1;

    /// <summary>Reads "~x,y x,y" (open curve), "ox,y ..." (closed curve) or "-x,y ..." (straight lines).</summary>
    internal static DigitStroke Parse(string text)
    {
        double[][] points = [.. text[1..].Split(' ').Select(ParsePoint)];
        double[] x = [.. points.Select(point => point[0])];
        double[] y = [.. points.Select(point => point[1])];
        return new(x, y, Smooth: text[0] != '-', Closed: text[0] == 'o');
    }

    /// <summary>
    /// Coordinate at <paramref name="t"/> in [0, 1] of a span: for a curve
    /// <c>b + t/2*(c-a + t*(2a-5b+4c-d + t*(3(b-c)+d-a)))</c>, else <c>b + t*(c-b)</c>.
    /// </summary>
    internal double At(ReadOnlySpan<double> values, int span, double t)
    {
        double b = values[span], c = values[Wrap(span + 1)];
        if (!Smooth)
            return b + t * (c - b);

        double a = values[Wrap(span - 1)], d = values[Wrap(span + 2)];
        return b + t / 2 * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
    }

    private static double[] ParsePoint(string text) =>
        [.. text.Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];

    private int Wrap(int index) =>
        Closed ? (index + X.Length) % X.Length : Math.Clamp(index, 0, X.Length - 1);
}
