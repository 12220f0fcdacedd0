using System.Numerics;
using CudaLandscape.Landscape.Precision;

namespace CudaLandscape.Landscape.Tests.Precision;

public sealed class FixedPointTests
{
    // e to 80 places.
    private const string E = "271828182845904523536028747135266249775724709369995957496696762772407663035354759";

    [Fact]
    public void The_exponential_of_1_has_the_digits_of_e()
    {
        BigInteger digits = FixedPoint.Exp(FixedPoint.One).Raw * BigInteger.Pow(10, 80) >> FixedPoint.Bits;
        Assert.Equal(BigInteger.Parse(E), digits);
    }

    [Theory]
    [InlineData(-300.25)]
    [InlineData(-1e-9)]
    [InlineData(0)]
    [InlineData(0.7)]
    [InlineData(123.5)]
    public void Functions_are_right_to_rounding(double x)
    {
        FixedPoint e = FixedPoint.Exp(FixedPoint.From(x));
        Assert.Equal(Math.Exp(x), e.ToDouble(), 1e-14 * Math.Exp(x));
        Assert.Equal(x, FixedPoint.Log(e).ToDouble(), 1e-15 * Math.Abs(x));
        Assert.Equal(1 / (1 + Math.Exp(-x)), FixedPoint.Sigmoid(FixedPoint.From(x)).ToDouble(), 1e-14 / (1 + Math.Exp(-x)));
        FixedPoint one = FixedPoint.Sigmoid(FixedPoint.From(x)) + FixedPoint.Sigmoid(FixedPoint.From(-x)) - FixedPoint.One;
        Assert.True(BigInteger.Abs(one.Raw) < 4, $"σ(x) + σ(-x) - 1 = {one.Raw} units");
    }

    [Fact]
    public void Numbers_far_below_a_double_s_range_keep_their_size()
    {
        Assert.Equal(-600 * Math.Log10(Math.E), FixedPoint.Sigmoid(FixedPoint.From(-600)).Log10(), 1e-9);
        Assert.Equal(-800 * Math.Log10(Math.E) - Math.Log10(20), FixedPoint.Softplus(FixedPoint.From(-40), 20).Log10(), 1e-9);
        Assert.Equal(40, FixedPoint.Softplus(FixedPoint.From(40), 20).ToDouble(), 1e-13);
    }

    [Fact]
    public void Determinants_are_exact()
    {
        FixedPoint[,] matrix = new FixedPoint[3, 3];
        double[] values = [0, 2, 1e-200, 3, 0.5, -1, 7, 1e100, 0.25];
        for (int i = 0; i < 9; i++) matrix[i / 3, i % 3] = FixedPoint.From(values[i]);
        // 0·(…) - 2 (3·0.25 + 7) + 1e-200 (3e100 - 3.5)
        FixedPoint expected = FixedPoint.From(-15.5) + FixedPoint.From(1e-200) * (FixedPoint.From(3) * FixedPoint.From(1e100) - FixedPoint.From(3.5));
        Assert.True(BigInteger.Abs((FixedPoint.Determinant(matrix) - expected).Raw) < BigInteger.One << 400);
        for (int i = 0; i < 3; i++) matrix[i, 2] = matrix[i, 0];
        Assert.Equal(default, FixedPoint.Determinant(matrix));
    }

    [Fact]
    public void What_has_no_value_is_refused()
    {
        Assert.Throws<ArithmeticException>(() => FixedPoint.From(double.NaN));
        Assert.Throws<ArithmeticException>(() => FixedPoint.Log(default));
        Assert.Throws<ArithmeticException>(() => FixedPoint.Exp(FixedPoint.From(1e7)));
        Assert.Equal(default, FixedPoint.Exp(FixedPoint.From(-1e7)));
    }
}
