using CudaLandscape.Tensors.Linalg;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Tensors.Tests.Linalg;

/// <summary>The alarm for a wrong R, with errors planted in a right one.</summary>
[Collection("device")]
public sealed class QrCheckTests
{
    private const int Columns = 40, Rows = 70;

    [Fact]
    public void Rounding_passes() => Assert.InRange(DeviationWith(_ => { }), 0, 10);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 20)]
    [InlineData(39, 39)]
    public void One_entry_that_is_wrong_by_1e_10_is_refused(int row, int column)
    {
        double deviation = DeviationWith(r => r[column * Rows + row] += 1e-10);
        Assert.Contains("QR factorisation is wrong", Assert.Throws<ArithmeticException>(() => QrCheck.Require(deviation, 1)).Message);
    }

    [Fact]
    public void What_QR_leaves_below_the_diagonal_is_refused() =>
        Assert.Throws<ArithmeticException>(() => QrCheck.Require(DeviationWith(r => r[1] = 0.3), 1));

    [Fact]
    public void A_deviation_that_is_not_finite_is_refused() => Assert.Throws<ArithmeticException>(() => QrCheck.Require(double.NaN, 1));

    // In units of ε σ_max² with σ_max of order 1.
    private static double DeviationWith(Action<double[]> plant)
    {
        using TensorScope scope = new();
        Device device = TestDevices.Primary;
        Tensor a = RandomTensor.Normal(device, [Columns, Rows], DType.Float64, new RandomStream(1, 2), 0, 0.05);
        QrCheck check = QrCheck.Before(a, new RandomStream(1, 3));
        Factorizations.Triangularize(a);
        double[] r = a.ToArray<double>();
        plant(r);
        return check.Deviation(Tensor.From<double>(device, [Columns, Rows], r, "R"));
    }
}
