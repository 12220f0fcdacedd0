namespace CudaLandscape.Figures;

/// <summary>
/// Level lines by marching squares: in every square of four grid points the line crosses the sides between a value below the
/// level and one that is not, at the place found by linear interpolation. Where it crosses all four sides, the mean of the
/// corners decides which pairs belong together. A square with a value that is not a number has no line.
/// </summary>
internal static class Contours
{
    /// <summary>The segments of a level, in grid coordinates: column and row with fractions.</summary>
    public static IEnumerable<((double X, double Y) From, (double X, double Y) To)> Segments(double[,] values, double level)
    {
        for (int i = 0; i + 1 < values.GetLength(0); i++)
        {
            for (int j = 0; j + 1 < values.GetLength(1); j++)
            {
                (double X, double Y)[] crossings = [.. Crossings(values, i, j, level)];
                if (crossings.Length >= 2) yield return (crossings[0], crossings[1]);
                if (crossings.Length == 4) yield return (crossings[2], crossings[3]);
            }
        }
    }

    // Around the square from its corner (i, j), so that with four crossings the first two and the last two cut off the corners
    // 1 and 3 of it, or, turned by one, 0 and 2.
    private static IEnumerable<(double, double)> Crossings(double[,] values, int i, int j, double level)
    {
        (int Row, int Column)[] corners = [(i, j), (i, j + 1), (i + 1, j + 1), (i + 1, j)];
        double[] v = [.. corners.Select(c => values[c.Row, c.Column] - level)];
        if (!v.All(double.IsFinite)) yield break;
        bool all = (v[0] < 0) == (v[2] < 0) && (v[1] < 0) == (v[3] < 0) && (v[0] < 0) != (v[1] < 0);
        int first = all && (v.Sum() < 0) != (v[0] < 0) ? 3 : 0;
        for (int k = first; k < first + 4; k++)
        {
            (int a, int b) = (k % 4, (k + 1) % 4);
            if ((v[a] < 0) == (v[b] < 0)) continue;
            double t = v[a] / (v[a] - v[b]);
            yield return (corners[a].Column + t * (corners[b].Column - corners[a].Column), corners[a].Row + t * (corners[b].Row - corners[a].Row));
        }
    }
}
