using CudaLandscape.Interop;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;
using CudaLandscape.Tensors.Random;
using Xunit.Abstractions;

namespace CudaLandscape.Landscape.Tests.Linalg;

/// <summary>
/// The two constants of <see cref="RankAllowance"/>, measured, in units of ε σ_max; with CUDALANDSCAPE_FULL=1 up to the size that
/// certificates name. The backward error ‖F - QR‖₂ of QR, which by Weyl's inequality bounds what QR does to any singular value but for
/// Q's own distance from orthogonality, a relative error. And, where the singular values are known, what QR and the SVD of R together
/// do to them: to those below σ_max/1000, which a rank hangs on, to the smallest, and, relative to each value, to all.
/// </summary>
[Collection("device")]
public sealed class RankErrorTests(ITestOutputHelper output)
{
    private const double Epsilon = 1.0 / (1L << 52);

    [Theory]
    [InlineData("Hadamard", 256, 256)]
    [InlineData("Hadamard", 1024, 256)]
    [InlineData("deficient", 256, 256)]
    [InlineData("Gauss", 300, 200)]
    [InlineData("geometric", 300, 300)]
    [InlineData("features", 700, 676)]
    public void Errors_are_within_the_allowances(string family, int rows, int columns) => Measure(family, rows, columns);

    [SkippableTheory]
    [InlineData("Hadamard", 512, 512)]
    [InlineData("Hadamard", 1024, 1024)]
    [InlineData("Hadamard", 2048, 2048)]
    [InlineData("Hadamard", 4096, 1024)]
    [InlineData("Hadamard", 4096, 4096)]
    [InlineData("deficient", 1024, 1024)]
    [InlineData("deficient", 4096, 2048)]
    [InlineData("Gauss", 50, 50)]
    [InlineData("Gauss", 500, 500)]
    [InlineData("Gauss", 1000, 1000)]
    [InlineData("Gauss", 2000, 2000)]
    [InlineData("Gauss", 4400, 4000)]
    [InlineData("geometric", 500, 500)]
    [InlineData("geometric", 1000, 1000)]
    [InlineData("geometric", 2000, 2000)]
    [InlineData("geometric", 4400, 4000)]
    [InlineData("features", 1400, 1352)]
    [InlineData("features", 2000, 2000)]
    [InlineData("features", 4056, 4000)]
    public void They_stay_so_up_to_the_size_that_certificates_name(string family, int rows, int columns)
    {
        Skip.IfNot(FullTests.Enabled, "takes minutes: CUDALANDSCAPE_FULL=1");
        Measure(family, rows, columns);
    }

    // The tail of many draws. A duplicated column makes σ_min zero, so that what is found of it is error.
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(20)]
    public void Small_matrices_keep_to_them_in_every_draw(int size)
    {
        int draws = FullTests.Enabled ? 5000 : 50;
        double qr = 0, least = 0;
        for (int draw = 0; draw < draws; draw++)
        {
            using TensorScope scope = new();
            Tensor f = ErrorMatrices.Of("Gauss", size, size, 1000 * size + draw).F;
            f.Slab((size - 1) * size, [size], "last").CopyFrom(f.Slab(0, [size], "first"));
            (double error, double[] sigma) = Factor(f);
            qr = Math.Max(qr, error);
            least = Math.Max(least, sigma[^1] / (Epsilon * sigma[0]));
        }

        output.WriteLine(FormattableString.Invariant($"| Gauss, last column = first, largest of {draws} | {size} x {size} | {qr:F2} | | | {least:F2} |"));
        AssertWithin(qr, least, 0);
    }

    // QR of [R; δ I] after QR of F: the same small values out of √(σ² + δ²).
    [SkippableTheory]
    [InlineData("Hadamard", 256, 256)]
    [InlineData("deficient", 256, 256)]
    [InlineData("deficient", 1024, 1024)]
    [InlineData("deficient", 4096, 2048)]
    public void Regularisation_keeps_to_the_allowance_of_two_factorisations(string family, int rows, int columns)
    {
        Skip.IfNot(columns <= 256 || FullTests.Enabled, "takes minutes: CUDALANDSCAPE_FULL=1");
        using TensorScope scope = new();
        (Tensor f, double[]? expected) = ErrorMatrices.Of(family, rows, columns, columns);
        double delta = Epsilon * expected![0], largest = 0;
        Factorizations.Triangularize(f);
        RegularizedTriangle.Apply(f, delta);
        double[] sigma = Factorizations.SingularValues(f);
        for (int i = 0; i < sigma.Length; i++)
        {
            double undone = Math.Sqrt(Math.Max(0, (sigma[i] - delta) * (sigma[i] + delta)));
            if (expected[i] < 1e-3 * expected[0]) largest = Math.Max(largest, Math.Abs(undone - expected[i]) / delta);
        }

        output.WriteLine(FormattableString.Invariant($"| {family}, regularised | {rows} x {columns} | | | {largest:F3} | |"));
        Assert.InRange(largest, 1e-6, 2 * RankAllowance.Absolute);
    }

    [SkippableTheory]
    [InlineData(500, 300)]
    [InlineData(4400, 4000)]
    public void QR_panel_by_panel_is_as_exact(int rows, int columns)
    {
        Skip.IfNot(columns <= 300 || FullTests.Enabled, "takes minutes: CUDALANDSCAPE_FULL=1");
        using TensorScope scope = new();
        Tensor f = ErrorMatrices.Of("Gauss", rows, columns, columns).F;
        (double qr, _) = Factor(f, a => BlockedQr.Factor(a));
        output.WriteLine(FormattableString.Invariant($"| Gauss, panel by panel | {rows} x {columns} | {qr:F2} | | | |"));
        AssertWithin(qr, 0, 0);
    }

    private void Measure(string family, int rows, int columns)
    {
        using TensorScope scope = new();
        (Tensor f, double[]? expected) = ErrorMatrices.Of(family, rows, columns, columns);
        (double qr, double[] sigma) = Factor(f);
        double unit = Epsilon * sigma[0], below = 0, least = 0, relative = 0;
        if (expected is not null)
        {
            double[] errors = [.. sigma.Zip(expected, (a, b) => Math.Abs(a - b))];
            below = errors.Where((_, i) => expected[i] < 1e-3 * expected[0]).Max() / unit;
            least = errors[^1] / unit;
            relative = errors.Zip(expected, (error, value) => Math.Max(0, error - RankAllowance.Absolute * unit) / value).Where(double.IsFinite).Max() / Epsilon;
        }

        string known = expected is null ? "| | |" : FormattableString.Invariant($"{sigma.Zip(expected, (a, b) => Math.Abs(a - b)).Max() / unit:F2} | {below:F3} | {least:F3} |");
        output.WriteLine(FormattableString.Invariant($"| {family} | {rows} x {columns} | {qr:F2} | {known}"));
        AssertWithin(qr, Math.Max(below, least), relative);
    }

    private static void AssertWithin(double qr, double small, double relative)
    {
        Assert.InRange(qr, 0.01, RankAllowance.Absolute);
        Assert.InRange(small, 0, RankAllowance.Absolute);
        Assert.InRange(relative, 0, RankAllowance.Relative);
    }

    // ‖F - QR‖₂ in ε σ_max, rounding in the product of the reflections and R included, and the singular values of R.
    private static (double Error, double[] Sigma) Factor(Tensor f) =>
        Factor(f, a => [.. Factorizations.Geqrf(a.Device, a.Address, a.Shape[1], a.Shape[0], a.Shape[1]).Chunk((int)BlockedQr.PanelWidth)]);

    private static (double Error, double[] Sigma) Factor(Tensor f, Func<Tensor, IReadOnlyList<double[]>> qr)
    {
        (long n, long m) = (f.Shape[0], f.Shape[1]);
        Tensor factored = Copy(f), r = Tensor.Zeros(f.Device, [n, m], DType.Float64);
        IReadOnlyList<double[]> tau = qr(factored);
        Tensor square = Tensor.Empty(f.Device, [n, n], DType.Float64);
        f.Device.Launch("layout_triangle", DType.Float64, n * n, n, 0L, factored, m, square);
        for (long c = 0; c < n; c++) r.Slab(c * m, [n], "column").CopyFrom(square.Slab(c * n, [n], "column"));
        BlockedQr.ApplyQ(factored, tau, r);
        double error = Norm(f - r);
        double[] sigma = Factorizations.SingularValues(square);
        return (error / (Epsilon * sigma[0]), sigma);
    }

    // The spectral norm by 30 power steps.
    private static double Norm(Tensor a)
    {
        double[] v = [.. Enumerable.Range(0, (int)a.Shape[0]).Select(i => Math.Cos(i * i + 1.0))];
        double norm = 0;
        for (int step = 0; step < 30; step++)
        {
            using TensorScope scope = new();
            Tensor image = Tensor.From<double>(a.Device, [1, v.Length], v).MatMul(a);
            double[] back = image.MatMul(a, transposeB: true).ToArray<double>();
            norm = Math.Sqrt(image.ToArray<double>().Sum(x => x * x) / v.Sum(x => x * x));
            double scale = Math.Sqrt(back.Sum(x => x * x));
            if (scale == 0) return norm;
            v = Array.ConvertAll(back, x => x / scale);
        }

        return norm;
    }

    private static Tensor Copy(Tensor a)
    {
        Tensor copy = Tensor.Empty(a.Device, a.Shape, a.DType);
        copy.CopyFrom(a);
        return copy;
    }
}
