using CudaLandscape.Tensors;

namespace CudaLandscape.TestKit;

/// <summary>Seeded test inputs.</summary>
public static class TestData
{
    /// <summary>Values in (-2, 2), no two equal up to 1e-3 times their rank, none within 1e-3 of 0: no kink is near.</summary>
    public static HostArray Spread(Shape shape, int seed)
    {
        System.Random random = new(seed);
        int count = (int)shape.ElementCount;
        double[] values = new double[count];
        for (int i = 0; i < count; i++) values[i] = 2 * (2 * (i + 0.25 + random.NextDouble() * 0.5) / Math.Max(1, count) - 1);
        random.Shuffle(values);
        return new HostArray(shape, Array.ConvertAll(values, x => Math.Abs(x) < 1e-3 ? x + 0.01 : x));
    }

    /// <summary>Values in (0.3, 2.3).</summary>
    public static HostArray Positive(Shape shape, int seed)
    {
        HostArray spread = Spread(shape, seed);
        return spread with { Values = Array.ConvertAll(spread.Values, x => x / 2 + 1.3) };
    }

    /// <summary>Integers in [0, end).</summary>
    public static HostArray Indices(Shape shape, int end, int seed)
    {
        System.Random random = new(seed);
        double[] values = new double[shape.ElementCount];
        for (int i = 0; i < values.Length; i++) values[i] = random.Next(end);
        return new HostArray(shape, values, DType.Int32);
    }

    /// <summary>A well-conditioned square matrix: 3 on the diagonal, small elsewhere.</summary>
    public static HostArray Dominant(int n, int seed)
    {
        HostArray matrix = Spread([n, n], seed);
        for (int r = 0; r < n; r++)
        {
            for (int c = 0; c < n; c++) matrix[r, c] = r == c ? 3 + matrix[r, c] / 4 : matrix[r, c] / (2 * n);
        }

        return matrix;
    }

    /// <summary>A matrix near diag(1, 2, 3, …): eigenvalues and singular values lie about 1 apart and away from 0.</summary>
    public static HostArray Separated(Shape shape, int seed)
    {
        HostArray matrix = Spread(shape, seed);
        for (long r = 0; r < shape[0]; r++)
        {
            for (long c = 0; c < shape[1]; c++) matrix[r, c] = (r == c ? r + 1 : 0) + matrix[r, c] / (4 * Math.Max(shape[0], shape[1]));
        }

        return matrix;
    }
}
