namespace CudaLandscape.Tensors.Linalg;

/// <summary>Vectors on the host, of a length that one side of a matrix has.</summary>
internal static class Vectors
{
    /// <summary>Euclidean norm, without overflow or underflow of squares.</summary>
    public static double Norm(double[] x)
    {
        double largest = x.Max(Math.Abs);
        if (largest == 0 || !double.IsFinite(largest)) return largest;
        return largest * Math.Sqrt(x.Sum(value => value / largest * (value / largest)));
    }

    /// <summary>x + factor · y.</summary>
    public static double[] Combine(double[] x, double factor, double[] y) => [.. x.Zip(y, (a, b) => a + factor * b)];

    /// <summary>x / ‖x‖.</summary>
    /// <exception cref="ArithmeticException">x is zero or not finite.</exception>
    public static double[] Unit(double[] x)
    {
        double norm = Norm(x);
        return norm > 0 && double.IsFinite(norm)
            ? Array.ConvertAll(x, value => value / norm)
            : throw new ArithmeticException($"A vector of norm {norm} has no direction.");
    }
}
