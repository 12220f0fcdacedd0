using CudaLandscape.Landscape.Tests.Linalg.Mutants;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Landscape.Tests.Linalg;

/// <summary>
/// Random matrices of nine kinds, some transposed, by the way of large matrices, against LAPACK's singular values of F itself:
/// its count must lie in the window, its values between the bounds. With CUDALANDSCAPE_FULL=1 3000 of them, else 297.
/// </summary>
[Collection("device")]
public sealed class RankFuzzTests
{
    // LAPACK's own values are rounded as well; a small matrix's window may end closer to the threshold than that.
    private const double OwnError = 2 * RankAllowance.Epsilon;

    private static readonly int s_draws = FullTests.Enabled ? 333 : 33;

    [Theory]
    [InlineData("Gauss", RankMethod.InverseGolubKahan)]
    [InlineData("graded rows", RankMethod.SingularValuesOfR)]
    [InlineData("graded columns", RankMethod.SingularValuesOfR)]
    [InlineData("gap", RankMethod.InverseSubspace)]
    [InlineData("no gap", RankMethod.InverseSubspace)]
    [InlineData("cluster at the threshold", RankMethod.InverseSubspace)]
    [InlineData("equal columns", RankMethod.InverseSubspace)]
    [InlineData("zero columns", RankMethod.InverseSubspace)]
    [InlineData("product of integers", RankMethod.InverseSubspace)]
    public void Windows_and_bounds_hold_what_LAPACK_finds(string kind, RankMethod among)
    {
        HashSet<RankMethod> methods = [];
        for (int draw = 0; draw < s_draws; draw++)
        {
            System.Random random = new(1000 * kind.Length + draw);
            int columns = random.Next(3, FullTests.Enabled ? 200 : 90), rows = columns + random.Next(0, 60);
            HostArray f = Of(kind, rows, columns, random);
            if (random.Next(2) == 0) f = Matrices.Transposed(f);
            methods.Add(Check(f, $"{kind}, draw {draw}, {rows} x {columns}"));
        }

        Assert.Contains(among, methods);
    }

    private static RankMethod Check(HostArray f, string what)
    {
        using TensorScope scope = new();
        Tensor tensor = f.ToTensor(TestDevices.Primary, DType.Float64);
        double[] sigma = RankRoutes.Sigma(tensor);
        RankMethod method = default;
        foreach (ulong seed in (ulong[])[1, 2])
        {
            RankResult r = RankRoutes.ByIteration(tensor, seed);
            method = r.Method;
            double own = OwnError * r.SigmaMax;
            (long most, long least) = (sigma.LongCount(s => s > r.Threshold - own), sigma.LongCount(s => s > r.Threshold + own));
            Assert.True(r.RankLow <= most && least <= r.RankHigh, $"{what}: LAPACK counts {least} to {most}, window {r.RankText} by {r.Method}");
            Assert.True(r.RankLow <= r.Rank && r.Rank <= r.RankHigh, $"{what}: {r.RankText}");
            Between(r, RankAllowance.Below(r.SigmaMax, r.Eta), sigma[0], r.SigmaMaxBound ?? RankAllowance.Above(r.SigmaMax, r.Eta), $"{what}: σ_max");
            Between(r, r.LowerBound ?? 0, sigma[^1], r.UpperBound ?? double.PositiveInfinity, $"{what}: σ_min");
            if (r.BoundedRank is { } bounded) Between(r, r.LowerBoundOfRank!.Value, sigma[bounded - 1], double.PositiveInfinity, $"{what}: σ of the rank");
            if (r.RankHigh < r.FullRank) Between(r, 0, sigma[r.RankHigh], r.NullSpaceNorm ?? r.Threshold, $"{what}: σ after the rank");
        }

        return method;
    }

    private static void Between(RankResult r, double low, double value, double high, string what)
    {
        double own = OwnError * r.SigmaMax + 40 * RankAllowance.Epsilon * value;
        Assert.True(low <= value + own && value <= high + own, $"{what}: {low} ≤ {value} ≤ {high} does not hold, by {r.Method}");
    }

    private static HostArray Of(string kind, int rows, int columns, System.Random random)
    {
        int seed = random.Next(), below = random.Next(1, 1 + columns / 3);
        double threshold = 0.5 * Math.Sqrt(rows + columns + 1) * RankAllowance.Epsilon;
        return kind switch
        {
            "Gauss" => Matrices.Random(rows, columns, seed),
            "graded rows" => Graded(rows, columns, seed, random.NextDouble(), 0),
            "graded columns" => Graded(rows, columns, seed, 0, random.NextDouble()),
            "gap" => Matrices.Reflected(rows, [.. Values(1, 1e-8, columns - below), .. Values(0.5 * threshold, 0.01 * threshold, below)], seed),
            "no gap" => Matrices.Reflected(rows, Values(1, Math.Pow(10, -random.Next(14, 21)), columns), seed),
            "cluster at the threshold" => Matrices.Reflected(rows, [.. Values(1, 1e-3, columns - below), .. Values(2 * threshold, 0.5 * threshold, below)], seed),
            "equal columns" => WithColumns(Matrices.Random(rows, columns, seed), below, (f, r, c) => f[r, (c + 1) % (columns - below)]),
            "zero columns" => WithColumns(Matrices.Random(rows, columns, seed), below, (_, _, _) => 0),
            "product of integers" => Product(rows, columns, columns - below, seed),
            _ => throw new ArgumentException($"There is no kind '{kind}'."),
        };
    }

    private static double[] Values(double first, double last, int count) => count == 1 ? [first] : Matrices.Geometric(first, last, count);

    private static HostArray Graded(int rows, int columns, int seed, double byRow, double byColumn)
    {
        HostArray f = Matrices.Random(rows, columns, seed);
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++) f[r, c] *= Math.Pow(10, -byRow * r - byColumn * c);
        }

        return f;
    }

    // The last columns replaced.
    private static HostArray WithColumns(HostArray f, int count, Func<HostArray, int, int, double> value)
    {
        (int rows, int columns) = ((int)f.Shape[0], (int)f.Shape[1]);
        for (int r = 0; r < rows; r++)
        {
            for (int c = columns - count; c < columns; c++) f[r, c] = value(f, r, c);
        }

        return f;
    }

    private static HostArray Product(int rows, int columns, int rank, int seed)
    {
        System.Random random = new(seed);
        int[] a = [.. Enumerable.Range(0, rows * rank).Select(_ => random.Next(-3, 4))], b = [.. Enumerable.Range(0, rank * columns).Select(_ => random.Next(-3, 4))];
        HostArray f = HostArray.Zeros([rows, columns]);
        f[0, 0] = 1; // no zero matrix
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                for (int i = 0; i < rank; i++) f[r, c] += a[r * rank + i] * b[i * columns + c];
            }
        }

        return f;
    }
}
