using System.Numerics;

namespace CudaLandscape.Landscape.Precision;

/// <summary>
/// A number with 2048 binary digits after the point, and any number before it: for constructions whose numbers differ by hundreds of
/// orders of magnitude. Sums are exact; products, quotients and functions are right to a few units of 2^-2048 times the result's size.
/// </summary>
public readonly record struct FixedPoint : IComparable<FixedPoint>
{
    /// <summary>Binary digits after the point.</summary>
    public const int Bits = 2048;

    // Halvings of the argument of exp before its series.
    private const int Halvings = 16, LargestExponent = 1 << 20;
    private static readonly FixedPoint s_ln2 = SeriesOfLn2();
    private readonly BigInteger _raw;

    private FixedPoint(BigInteger raw) => _raw = raw;

    /// <summary>1.</summary>
    public static FixedPoint One { get; } = new(BigInteger.One << Bits);

    /// <summary>The value as an integer over 2^2048.</summary>
    public BigInteger Raw => _raw;

    /// <summary>The value raw / 2^2048.</summary>
    public static FixedPoint FromRaw(BigInteger raw) => new(raw);

    /// <summary>A double, exactly.</summary>
    /// <exception cref="ArithmeticException">It is not finite.</exception>
    public static FixedPoint From(double value)
    {
        if (!double.IsFinite(value)) throw new ArithmeticException($"fixed point: {value} is not finite.");
        int exponent = value == 0 ? 0 : Math.ILogB(value) - 52;
        BigInteger mantissa = new(Math.ScaleB(value, -exponent));
        int shift = Bits + exponent;
        return new FixedPoint(shift >= 0 ? mantissa << shift : mantissa >> -shift);
    }

    /// <summary>Sum, exact.</summary>
    public static FixedPoint operator +(FixedPoint a, FixedPoint b) => new(a._raw + b._raw);

    /// <summary>Difference, exact.</summary>
    public static FixedPoint operator -(FixedPoint a, FixedPoint b) => new(a._raw - b._raw);

    /// <summary>Negation.</summary>
    public static FixedPoint operator -(FixedPoint a) => new(-a._raw);

    /// <summary>Product, rounded down.</summary>
    public static FixedPoint operator *(FixedPoint a, FixedPoint b) => new((a._raw * b._raw) >> Bits);

    /// <summary>Quotient, rounded towards 0.</summary>
    public static FixedPoint operator /(FixedPoint a, FixedPoint b) => new((a._raw << Bits) / b._raw);

    /// <summary>Less.</summary>
    public static bool operator <(FixedPoint a, FixedPoint b) => a._raw < b._raw;

    /// <summary>Greater.</summary>
    public static bool operator >(FixedPoint a, FixedPoint b) => a._raw > b._raw;

    /// <summary>Less or equal.</summary>
    public static bool operator <=(FixedPoint a, FixedPoint b) => a._raw <= b._raw;

    /// <summary>Greater or equal.</summary>
    public static bool operator >=(FixedPoint a, FixedPoint b) => a._raw >= b._raw;

    /// <summary>e^x: with x = n ln 2 + r, the series of e^(r / 2^16), squared 16 times, times 2^n.</summary>
    /// <exception cref="ArithmeticException">x is above 700,000.</exception>
    public static FixedPoint Exp(FixedPoint x)
    {
        BigInteger n = BigInteger.Divide(x._raw, s_ln2._raw) - (x._raw.Sign < 0 ? 1 : 0);
        if (n < -Bits - 1) return default;
        if (n > LargestExponent) throw new ArithmeticException($"fixed point: e^x would have more than {LargestExponent} binary digits.");
        FixedPoint r = new((x._raw - n * s_ln2._raw) >> Halvings), term = One, sum = One;
        for (int k = 1; !term._raw.IsZero; k++)
        {
            term = new FixedPoint((term * r)._raw / k);
            sum += term;
        }

        for (int i = 0; i < Halvings; i++) sum *= sum;
        return new FixedPoint(n.Sign >= 0 ? sum._raw << (int)n : sum._raw >> (int)-n);
    }

    /// <summary>ln x by Halley's iteration y + 2 (x - e^y) / (x + e^y), which triples the digits.</summary>
    /// <exception cref="ArithmeticException">x is not positive.</exception>
    public static FixedPoint Log(FixedPoint x)
    {
        if (x._raw.Sign <= 0) throw new ArithmeticException("fixed point: the logarithm of a number that is not positive.");
        FixedPoint y = From(BigInteger.Log(x._raw) - Bits * Math.Log(2));
        for (int i = 0; i < 5; i++)
        {
            FixedPoint e = Exp(y), correction = (x - e) / (x + e);
            y += correction + correction;
        }

        return y;
    }

    /// <summary>1 / (1 + e^-x).</summary>
    public static FixedPoint Sigmoid(FixedPoint x)
    {
        FixedPoint e = Exp(x._raw.Sign < 0 ? x : -x);
        return (x._raw.Sign < 0 ? e : One) / (One + e);
    }

    /// <summary>ln(1 + e^(alpha x)) / alpha.</summary>
    public static FixedPoint Softplus(FixedPoint x, double alpha)
    {
        FixedPoint a = From(alpha), t = a * x;
        FixedPoint tail = Log(One + Exp(t._raw.Sign < 0 ? t : -t));
        return ((t._raw.Sign < 0 ? default : t) + tail) / a;
    }

    /// <summary>The determinant by Bareiss's elimination, exact for the given digits but for the last rounding.</summary>
    public static FixedPoint Determinant(FixedPoint[,] matrix)
    {
        int n = matrix.GetLength(0);
        BigInteger[,] a = new BigInteger[n, n];
        for (int i = 0; i < n * n; i++) a[i / n, i % n] = matrix[i / n, i % n]._raw;
        (BigInteger previous, int sign) = (BigInteger.One, 1);
        for (int k = 0; k < n - 1; k++)
        {
            int pivot = Enumerable.Range(k, n - k).FirstOrDefault(row => !a[row, k].IsZero, -1);
            if (pivot < 0) return default;
            if (pivot != k) sign = -sign;
            for (int j = 0; pivot != k && j < n; j++) (a[k, j], a[pivot, j]) = (a[pivot, j], a[k, j]);
            for (int i = k + 1; i < n; i++)
            {
                for (int j = k + 1; j < n; j++) a[i, j] = (a[i, j] * a[k, k] - a[i, k] * a[k, j]) / previous;
            }

            previous = a[k, k];
        }

        return new FixedPoint(sign * a[n - 1, n - 1] >> Bits * (n - 1));
    }

    /// <summary>log10 of a positive value; -∞ for 0.</summary>
    public double Log10() => _raw.IsZero ? double.NegativeInfinity : BigInteger.Log10(_raw) - Bits * Math.Log10(2);

    /// <summary>The nearest double, or one beside it.</summary>
    public double ToDouble()
    {
        int shift = Math.Max(0, (int)BigInteger.Abs(_raw).GetBitLength() - 64);
        return Math.ScaleB((double)(_raw >> shift), shift - Bits);
    }

    /// <inheritdoc/>
    public int CompareTo(FixedPoint other) => _raw.CompareTo(other._raw);

    // Σ 1 / (k 2^k).
    private static FixedPoint SeriesOfLn2()
    {
        BigInteger sum = 0;
        for (int k = 1; k <= Bits; k++) sum += (BigInteger.One << (Bits - k)) / k;
        return new FixedPoint(sum);
    }
}
