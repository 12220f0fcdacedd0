namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// Σ x_i y_i as if computed with twice the digits and rounded once (Ogita, Rump and Oishi, SIAM J. Sci. Comput. 2005, Dot2): the
/// error is at most ε |Σ x_i y_i| + n² ε² Σ |x_i y_i|.
/// </summary>
internal static class CompensatedDot
{
    public static double Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y) => Of(x, y, []);

    /// <summary>The same with y_i + low_i for y_i, low_i being of the size of y_i's rounding; without low where that is empty.</summary>
    public static double Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double> low)
    {
        double sum = 0, rest = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double product = x[i] * y[i], error = Math.FusedMultiplyAdd(x[i], y[i], -product);
            if (!low.IsEmpty) error += x[i] * low[i];
            double next = sum + product, part = next - sum;
            rest += sum - (next - part) + (product - part) + error;
            sum = next;
        }

        return sum + rest;
    }
}
