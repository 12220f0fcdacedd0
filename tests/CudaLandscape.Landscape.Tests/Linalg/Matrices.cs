using MathNet.Numerics.LinearAlgebra;

namespace CudaLandscape.Landscape.Tests.Linalg;

/// <summary>Matrices with known singular values, on the host.</summary>
internal static class Matrices
{
    /// <summary>U diag(σ) Vᵀ with random orthonormal U and V, by MathNet's QR of Gaussian matrices.</summary>
    public static HostArray WithSingularValues(int rows, int columns, double[] sigma, int seed)
    {
        Matrix<double> u = Orthonormal(rows, sigma.Length, seed), v = Orthonormal(columns, sigma.Length, seed + 1);
        Matrix<double> f = u * Matrix<double>.Build.DiagonalOfDiagonalArray(sigma) * v.Transpose();
        return FromRows(f.ToRowArrays());
    }

    /// <summary>H1 H2 diag(σ) H3 H4 with random Householder reflections H: cheap at any size, rows ≥ columns = number of σ.</summary>
    public static HostArray Reflected(int rows, double[] sigma, int seed)
    {
        System.Random random = new(seed);
        int columns = sigma.Length;
        double[] a = new double[rows * columns];
        for (int i = 0; i < columns; i++) a[i * columns + i] = sigma[i];
        for (int i = 0; i < 2; i++)
        {
            ReflectRows(a, rows, columns, Unit(random, columns));
            ReflectColumns(a, rows, columns, Unit(random, rows));
        }

        return new HostArray([rows, columns], a);
    }

    public static HostArray FromRows(double[][] rows) => new([rows.Length, rows[0].Length], [.. rows.SelectMany(r => r)]);

    public static HostArray Random(int rows, int columns, int seed)
    {
        System.Random random = new(seed);
        return new HostArray([rows, columns], [.. Enumerable.Range(0, rows * columns).Select(_ => 2 * random.NextDouble() - 1)]);
    }

    public static HostArray Transposed(HostArray f)
    {
        HostArray t = HostArray.Zeros([f.Shape[1], f.Shape[0]]);
        for (int r = 0; r < f.Shape[0]; r++)
        {
            for (int c = 0; c < f.Shape[1]; c++) t[c, r] = f[r, c];
        }

        return t;
    }

    /// <summary>Singular values in descending order, by MathNet.</summary>
    public static double[] SingularValues(HostArray f) =>
        [.. Matrix<double>.Build.DenseOfRowMajor((int)f.Shape[0], (int)f.Shape[1], f.Values).Svd(computeVectors: false).S];

    /// <summary>count values in a geometric sequence.</summary>
    public static double[] Geometric(double first, double last, int count) =>
        [.. Enumerable.Range(0, count).Select(i => first * Math.Pow(last / first, i / (count - 1.0)))];

    private static Matrix<double> Orthonormal(int rows, int columns, int seed)
    {
        Matrix<double> gaussian = Matrix<double>.Build.Random(rows, columns, new MathNet.Numerics.Distributions.Normal(0, 1, new System.Random(seed)));
        return gaussian.QR(MathNet.Numerics.LinearAlgebra.Factorization.QRMethod.Thin).Q;
    }

    private static double[] Unit(System.Random random, int length)
    {
        double[] v = [.. Enumerable.Range(0, length).Select(_ => random.NextDouble() - 0.5)];
        double norm = Math.Sqrt(v.Sum(x => x * x));
        return Array.ConvertAll(v, x => x / norm);
    }

    // A ← A (I - 2 v vᵀ).
    private static void ReflectRows(double[] a, int rows, int columns, double[] v)
    {
        for (int r = 0; r < rows; r++)
        {
            double dot = 0;
            for (int c = 0; c < columns; c++) dot += a[r * columns + c] * v[c];
            for (int c = 0; c < columns; c++) a[r * columns + c] -= 2 * dot * v[c];
        }
    }

    // A ← (I - 2 v vᵀ) A.
    private static void ReflectColumns(double[] a, int rows, int columns, double[] v)
    {
        double[] dots = new double[columns];
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++) dots[c] += a[r * columns + c] * v[r];
        }

        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++) a[r * columns + c] -= 2 * dots[c] * v[r];
        }
    }
}
