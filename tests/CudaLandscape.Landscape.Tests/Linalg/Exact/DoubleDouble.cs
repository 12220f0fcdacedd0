namespace CudaLandscape.Landscape.Tests.Linalg.Exact;

/// <summary>
/// A number of 106 bits as the sum of two doubles (Dekker 1971; Knuth's sum without a branch, products by fused multiply-add), so
/// that what it computes is true to about 1e-31 where float64 is to 1e-16.
/// </summary>
internal readonly record struct DoubleDouble(double High, double Low)
{
    private static readonly DoubleDouble s_ln2 = new(0.6931471805599453, 2.3190468138462996e-17);

    public static implicit operator DoubleDouble(double x) => new(x, 0);

    public static explicit operator double(DoubleDouble x) => x.High + x.Low;

    public static DoubleDouble operator -(DoubleDouble a) => new(-a.High, -a.Low);

    public static DoubleDouble operator -(DoubleDouble a, DoubleDouble b) => a + -b;

    public static DoubleDouble operator +(DoubleDouble a, DoubleDouble b)
    {
        DoubleDouble high = Sum(a.High, b.High), low = Sum(a.Low, b.Low), part = Ordered(high.High, high.Low + low.High);
        return Ordered(part.High, part.Low + low.Low);
    }

    public static DoubleDouble operator *(DoubleDouble a, DoubleDouble b)
    {
        double product = a.High * b.High, error = Math.FusedMultiplyAdd(a.High, b.High, -product);
        return Ordered(product, error + (a.High * b.Low + a.Low * b.High));
    }

    public static DoubleDouble operator /(DoubleDouble a, DoubleDouble b)
    {
        double first = a.High / b.High;
        DoubleDouble rest = a - b * first;
        double second = rest.High / b.High;
        rest -= b * second;
        return Ordered(first, second) + rest.High / b.High;
    }

    public static DoubleDouble Sqrt(DoubleDouble a)
    {
        if (a.High == 0) return 0;
        double inverse = 1 / Math.Sqrt(a.High);
        DoubleDouble root = a.High * inverse;
        return root + (a - root * root).High * (0.5 * inverse);
    }

    /// <summary>eˣ by Taylor's series of x / 1024 less multiples of ln 2 / 1024, squared ten times.</summary>
    public static DoubleDouble Exp(DoubleDouble x)
    {
        double multiple = Math.Round(x.High / s_ln2.High);
        DoubleDouble r = (x - s_ln2 * multiple) * Math.ScaleB(1, -10), term = 1, sum = 1;
        for (int n = 1; n <= 10; n++)
        {
            term = term * r / n;
            sum += term;
        }

        for (int i = 0; i < 10; i++) sum *= sum;
        double scale = Math.ScaleB(1, (int)multiple);
        return new DoubleDouble(sum.High * scale, sum.Low * scale);
    }

    private static DoubleDouble Sum(double a, double b)
    {
        double sum = a + b, part = sum - a;
        return new DoubleDouble(sum, a - (sum - part) + (b - part));
    }

    // |a| ≥ |b|.
    private static DoubleDouble Ordered(double a, double b)
    {
        double sum = a + b;
        return new DoubleDouble(sum, b - (sum - a));
    }
}
