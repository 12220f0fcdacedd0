using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;
using Xunit.Abstractions;

namespace CudaLandscape.Landscape.Tests.Linalg;

/// <summary>
/// The constant of <see cref="RankResult.Eta"/>, measured: the error of singular values by way of QR, in units of ε σ_max. The
/// smallest, which a full rank hangs on, is held to it; the largest error of all is told only, it was 11.5 at 512 x 512, above η. For
/// matrices of integers whose singular values are known exactly. H_m [D H_n; 0] with Hadamard matrices H of ±1, rows and columns of
/// random sign, and integers d_i from 1 to 2²⁰ has the singular values d_i √(mn), and no entry is rounded.
/// </summary>
[Collection("device")]
public sealed class QrErrorTests(ITestOutputHelper output)
{
    private const double Epsilon = 1.0 / (1L << 52);

    [Theory]
    [InlineData(256, 256)]
    [InlineData(1024, 256)]
    [InlineData(512, 512)]
    public void The_error_of_the_smallest_singular_value_is_within_eta(int rows, int columns) => Measure(rows, columns);

    [SkippableTheory]
    [InlineData(1024, 1024)]
    [InlineData(2048, 2048)]
    [InlineData(4096, 1024)]
    [InlineData(4096, 4096)]
    public void It_stays_so_up_to_the_size_that_certificates_name(int rows, int columns)
    {
        Skip.IfNot(FullTests.Enabled, "takes minutes: CUDALANDSCAPE_FULL=1");
        Measure(rows, columns);
    }

    private void Measure(int rows, int columns)
    {
        (double[] columnsOfF, double[] expected) = Known(rows, columns, new System.Random(columns));
        using TensorScope scope = new();
        Tensor matrix = Tensor.From<double>(TestDevices.Primary, [columns, rows], columnsOfF, "F");
        Factorizations.Triangularize(matrix);
        double[] sigma = Factorizations.SingularValues(matrix);
        double error = sigma.Zip(expected, (a, b) => Math.Abs(a - b)).Max() / (Epsilon * expected[0]);
        double ofLeast = Math.Abs(sigma[^1] - expected[^1]) / (Epsilon * expected[0]);
        output.WriteLine(FormattableString.Invariant($"{rows} x {columns}: largest error {error:F2} ε σ_max, of σ_min {ofLeast:F3} ε σ_max"));
        Assert.InRange(ofLeast, 0, 10);
    }

    // F column by column, and its singular values in descending order.
    private static (double[] F, double[] Sigma) Known(int rows, int columns, System.Random random)
    {
        double[] d = [.. Enumerable.Range(0, columns).Select(i => Math.Round(Math.Pow(2, 20.0 * (columns - 1 - i) / (columns - 1))))];
        double[] f = new double[(long)rows * columns], rowSigns = [.. Enumerable.Range(0, rows).Select(_ => Sign(random))];
        for (int c = 0; c < columns; c++)
        {
            Span<double> column = f.AsSpan(c * rows, rows);
            double sign = Sign(random);
            for (int i = 0; i < columns; i++) column[i] = sign * d[i] * (int.PopCount(i & c) % 2 == 0 ? 1 : -1);
            MultiplyByHadamard(column);
            for (int r = 0; r < rows; r++) column[r] *= rowSigns[r];
        }

        return (f, Array.ConvertAll(d, value => value * Math.Sqrt((double)rows * columns)));
    }

    private static void MultiplyByHadamard(Span<double> x)
    {
        for (int half = 1; half < x.Length; half *= 2)
        {
            for (int i = 0; i < x.Length; i++)
            {
                if ((i & half) != 0) continue;
                (x[i], x[i + half]) = (x[i] + x[i + half], x[i] - x[i + half]);
            }
        }
    }

    private static double Sign(System.Random random) => random.Next(2) == 0 ? 1 : -1;
}
