namespace CudaLandscape.Landscape.Tests.Linalg.Exact;

/// <summary>The smallest singular value of a matrix of double-doubles, by plain Householder QR and inverse iteration.</summary>
internal static class ExactMatrix
{
    private const int Steps = 200;

    /// <summary>σ_min of a tall matrix of columns, which is destroyed; the smallest value needs a gap to the next.</summary>
    public static double SmallestSingularValue(DoubleDouble[][] columns)
    {
        int n = columns.Length;
        for (int j = 0; j < n; j++) Reflect(columns, j);
        DoubleDouble[] v = [.. Enumerable.Range(0, n).Select(i => (DoubleDouble)Math.Cos(i * i + 1.0))];
        DoubleDouble norm = 0;
        for (int step = 0; step < Steps; step++)
        {
            Solve(columns, v);
            norm = Norm(v, 0);
            for (int i = 0; i < n; i++) v[i] /= norm;
        }

        return (double)(1 / DoubleDouble.Sqrt(norm));
    }

    // Makes column j zero below its diagonal and changes the columns after it.
    private static void Reflect(DoubleDouble[][] columns, int j)
    {
        DoubleDouble[] x = columns[j];
        DoubleDouble norm = Norm(x, j), diagonal = x[j].High > 0 ? -norm : norm;
        DoubleDouble[] w = [.. x[j..]];
        w[0] -= diagonal;
        DoubleDouble half = Dot(w, w, 0) * 0.5;
        for (int c = j; c < columns.Length; c++)
        {
            DoubleDouble factor = Dot(w, columns[c], j) / half;
            for (int i = 0; i < w.Length; i++) columns[c][j + i] -= factor * w[i];
        }
    }

    // x ← R⁻¹ R⁻ᵀ x.
    private static void Solve(DoubleDouble[][] r, DoubleDouble[] x)
    {
        for (int j = 0; j < x.Length; j++)
        {
            for (int i = 0; i < j; i++) x[j] -= r[j][i] * x[i];
            x[j] /= r[j][j];
        }

        for (int j = x.Length - 1; j >= 0; j--)
        {
            x[j] /= r[j][j];
            for (int i = 0; i < j; i++) x[i] -= r[j][i] * x[j];
        }
    }

    private static DoubleDouble Norm(DoubleDouble[] x, int first) => DoubleDouble.Sqrt(Dot(x[first..], x, first));

    // Σ a_i b_(first + i).
    private static DoubleDouble Dot(DoubleDouble[] a, DoubleDouble[] b, int first)
    {
        DoubleDouble sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * b[first + i];
        return sum;
    }
}
