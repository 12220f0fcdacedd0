namespace CudaLandscape.Landscape.Tests.Linalg.Mutants;

/// <summary>Matrices whose rank or extreme singular values are known, each hard for some wrong way to compute them.</summary>
internal static class RankCases
{
    private const double Epsilon = 1.0 / (1L << 52);
    private const int Size = 120, Long = 160;

    private static readonly double[] s_noGap = Matrices.Geometric(1, 1e-20, Size), s_few = Matrices.Geometric(1, 2 * Epsilon, Size);

    /// <summary>By name: the matrix, and whether an answer is right.</summary>
    public static readonly (string Name, Func<HostArray> Matrix, Func<RankAnswer, bool> IsRight)[] All =
    [
        ("condition 1e12", () => Matrices.Reflected(Long, Matrices.Geometric(1, 1e-12, Size), 1), a => a.Rank == Size && Near(a.SigmaMin, 1e-12, 5e-3)),
        ("7 behind a gap", () => Matrices.Reflected(Long, [.. Matrices.Geometric(1, 1e-6, Size - 7), .. new double[7]], 2), a => a.Rank == Size - 7),
        ("no gap, 1 to 1e-20", () => Matrices.Reflected(Long, s_noGap, 3), a => InWindow(a, s_noGap)),
        ("a few below the threshold, no gap", () => Matrices.Reflected(Long, s_few, 4), a => InWindow(a, s_few)),
        ("equal, zero, combined and tiny columns", Degenerate, a => a.Rank == Size - 8),
        ("wide", () => Matrices.Transposed(Matrices.Reflected(Long, Matrices.Geometric(1, 1e-10, Size), 6)), a => a.Rank == Size && Near(a.SigmaMin, 1e-10, 1e-3)),
        ("scaled by 2⁻⁶⁰⁰", Scaled, a => a.Rank == Size && Near(a.SigmaMin, Math.ScaleB(1e-9, -600), 1e-2) && Near(a.SigmaMax, Math.ScaleB(1, -600), 1e-9)),
        ("Kahan's matrix", () => Kahan(Size, 0.66), a => a.Rank == KahanRank()),
        ("20 equal at σ_min", () => Matrices.Reflected(Long, [.. Matrices.Geometric(1, 1e-3, Size - 20), .. Enumerable.Repeat(1e-11, 20)], 9), a => a.Rank == Size && Near(a.SigmaMin, 1e-11, 1e-3)),
        ("3 at 60 ε", () => Matrices.Reflected(400, [.. Matrices.Geometric(1, 0.1, Size - 3), 60 * Epsilon, 60 * Epsilon, 60 * Epsilon], 10), a => a.Rank == Size),
        ("linear convolution, 2 filters", () => LinearConvolution(2), a => a.Rank == 93),
        ("linear convolution, 3 filters", () => LinearConvolution(3), a => a.Rank == 101),
        ("Hadamard's matrix", Hadamard, a => a.Rank == 128 && Near(a.SigmaMin, Math.Sqrt(128), 1e-12) && Near(a.SigmaMax, Math.Sqrt(128), 1e-12)),
        ("flat, and two at 25 ε", () => Matrices.Reflected(Long, [.. Enumerable.Repeat(1.0, Size - 2), 25 * Epsilon, 25 * Epsilon], 13), a => a.Rank == Size && Near(a.SigmaMax, 1, 1e-12)),
    ];

    private static bool Near(double a, double b, double relative) => Math.Abs(a - b) <= relative * b;

    // The count of the prescribed values, give or take those within 4 ε of the threshold.
    private static bool InWindow(RankAnswer answer, double[] sigma)
    {
        double threshold = 0.5 * Math.Sqrt(Long + Size + 1) * Epsilon;
        return answer.Rank >= sigma.Count(s => s > threshold + 4 * Epsilon) && answer.Rank <= sigma.Count(s => s > threshold - 4 * Epsilon);
    }

    private static HostArray Degenerate()
    {
        HostArray f = Matrices.Reflected(Long, Matrices.Geometric(1, 0.01, Size), 5);
        for (int r = 0; r < Long; r++)
        {
            f[r, 0] = f[r, 60] = 0;
            f[r, 20] = f[r, 21];
            f[r, 119] = f[r, 40];
            f[r, 70] = 0.5 * f[r, 71] - 2 * f[r, 72];
            f[r, 90] = f[r, 91] + f[r, 92] + f[r, 93];
            f[r, 100] = 1e-30 * f[r, 101];
            f[r, 110] = 1e-30 * f[r, 5];
        }

        return f;
    }

    private static HostArray Scaled()
    {
        HostArray f = Matrices.Reflected(Long, Matrices.Geometric(1, 1e-9, Size), 7);
        return f with { Values = Array.ConvertAll(f.Values, x => Math.ScaleB(x, -600)) };
    }

    // s^i on the diagonal, -c s^i right of it: R of its own QR, with a σ_min far below the rest that no entry shows.
    private static HostArray Kahan(int n, double c)
    {
        HostArray f = HostArray.Zeros([n, n]);
        double s = Math.Sqrt(1 - c * c);
        for (int i = 0; i < n; i++)
        {
            f[i, i] = Math.Pow(s, i);
            for (int j = i + 1; j < n; j++) f[i, j] = -c * Math.Pow(s, i);
        }

        return f;
    }

    private static long KahanRank()
    {
        double[] sigma = Matrices.SingularValues(Kahan(Size, 0.66));
        return sigma.LongCount(s => s > 0.5 * Math.Sqrt(2 * Size + 1) * Epsilon * sigma[0]);
    }

    // Features of a 3x3 convolution of 10x10 images without activation, with bias: 100 - 8 + 1 for two filters, 100 + 1 for three.
    private static HostArray LinearConvolution(int filters)
    {
        System.Random random = new(11);
        double[] w = [.. Enumerable.Range(0, 10 * filters).Select(_ => random.NextDouble() - 0.5)];
        HostArray f = HostArray.Zeros([200, 64 * filters]);
        for (int n = 0; n < 200; n++)
        {
            double[] image = [.. Enumerable.Range(0, 100).Select(_ => random.NextDouble())];
            for (int i = 0; i < 64 * filters; i++)
            {
                int corner = i % 64 / 8 * 10 + i % 8, first = i / 64 * 10;
                double sum = w[first + 9];
                for (int p = 0; p < 9; p++) sum += w[first + p] * image[corner + p / 3 * 10 + p % 3];
                f[n, i] = sum;
            }
        }

        return f;
    }

    private static HostArray Hadamard()
    {
        HostArray f = HostArray.Zeros([128, 128]);
        for (int i = 0; i < f.Values.Length; i++) f.Values[i] = int.PopCount((i >> 7) & i & 127) % 2 == 0 ? 1 : -1;
        return f;
    }
}
