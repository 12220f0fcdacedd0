using CudaLandscape.Interop;
using CudaLandscape.Tensors.Linalg;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Tensors.Tests.Linalg;

/// <summary>QR panel by panel against the library's own of the whole matrix; sizes around multiples of the panel's 128 columns.</summary>
[Collection("device")]
public sealed class BlockedQrTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(300, 1)]
    [InlineData(128, 128)]
    [InlineData(129, 129)]
    [InlineData(300, 257)]
    public void R_is_the_library_s_and_Q_R_gives_the_matrix_back(int rows, int columns)
    {
        using TensorScope scope = new();
        Tensor f = RandomTensor.Normal(TestDevices.Primary, [columns, rows], DType.Float64, new RandomStream(1, 5));
        AssertFactored(f);
    }

    // A zero column has τ = 0, whose reflection is the identity; equal ones leave nothing below the diagonal but rounding.
    [Fact]
    public void Zero_and_equal_columns_are_factored()
    {
        using TensorScope scope = new();
        Tensor f = RandomTensor.Normal(TestDevices.Primary, [200, 210], DType.Float64, new RandomStream(1, 6));
        foreach (int zero in (int[])[0, 127, 128, 199]) f.Slab(zero * 210, [210], "column").CopyFrom(Tensor.Zeros(f.Device, [210], DType.Float64));
        f.Slab(150 * 210, [210], "column").CopyFrom(f.Slab(3 * 210, [210], "column"));
        AssertQr(f);
    }

    [Theory]
    [InlineData(67600, 60000, 1L << 30, false)]
    [InlineData(60000, 2880, 1L << 30, true)]
    [InlineData(60000, 2880, 1L << 60, false)]
    [InlineData(60000, 2880, -8, false)]
    [InlineData(5, 3, 1 << 20, true)]
    public void One_call_for_the_whole_is_trusted_below_2_to_the_31_elements_with_a_plausible_workspace(long rows, long columns, long bytes, bool trusted) =>
        Assert.Equal(trusted, Factorizations.IsTrusted(rows, columns, bytes));

    [Theory]
    [InlineData(null, DeviceKind.Cuda, QrMethod.Panels)]
    [InlineData("", DeviceKind.Soft, QrMethod.OneCall)]
    [InlineData("one-call", DeviceKind.Cuda, QrMethod.OneCall)]
    [InlineData("panels", DeviceKind.Soft, QrMethod.Panels)]
    public void A_GPU_gets_panels_unless_the_environment_says_otherwise(string? text, DeviceKind kind, QrMethod method) =>
        Assert.Equal(method, QrSetting.Parse(text, kind));

    [Fact]
    public void Another_word_for_the_method_is_refused() => Assert.Equal(
        "CUDALANDSCAPE_QR: 'xgeqrf' is neither 'panels' nor 'one-call'.",
        Assert.Throws<FormatException>(() => QrSetting.Parse("xgeqrf", DeviceKind.Cuda)).Message);

    private static void AssertFactored(Tensor f)
    {
        Tensor whole = SquareFactorizations.Copy(f);
        Factorizations.Triangularize(whole, QrMethod.OneCall);
        (double[] a, double[] b) = (AssertQr(f).ToArray<double>(), whole.ToArray<double>());
        for (int i = 0; i < f.Shape[0]; i++)
        {
            int diagonal = i * (int)f.Shape[1] + i;
            double scale = Math.Sqrt(f.Shape[1]);
            for (int j = i * (int)f.Shape[1]; j <= diagonal; j++) Assert.Equal(b[j], a[j], 1e-12 * scale);
        }
    }

    // Q R = F; the result is the factored matrix.
    private static Tensor AssertQr(Tensor f)
    {
        Tensor factored = SquareFactorizations.Copy(f);
        IReadOnlyList<double[]> factors = BlockedQr.Factor(factored);
        Tensor product = OnTopOfZeros(factored);
        BlockedQr.ApplyQ(factored, factors, product);
        double[] expected = f.ToArray<double>(), found = product.ToArray<double>();
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], 1e-12);
        return factored;
    }

    // R without the reflections below it.
    private static Tensor OnTopOfZeros(Tensor factored)
    {
        double[] values = factored.ToArray<double>();
        (int n, int m) = ((int)factored.Shape[0], (int)factored.Shape[1]);
        for (int c = 0; c < n; c++) Array.Clear(values, c * m + c + 1, m - c - 1);
        return Tensor.From<double>(factored.Device, factored.Shape, values, "R");
    }
}
