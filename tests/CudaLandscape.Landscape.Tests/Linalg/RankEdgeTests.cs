using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Landscape.Tests.Linalg;

[Collection("device")]
public sealed class RankEdgeTests
{
    private const double Epsilon = 1.0 / (1L << 52);

    [Fact]
    public void Threshold_and_allowance_are_those_of_the_formulas()
    {
        RankResult result = RankTests.Of(Matrices.FromRows([[3, 0], [0, 1], [0, 0]]));
        Assert.Equal(3, result.SigmaMax, 1e-15);
        Assert.Equal(0.5 * Math.Sqrt(3 + 2 + 1) * 3 * Epsilon, result.Threshold, 1e-30);
        Assert.Equal(10 * Epsilon * 3, result.Eta, 1e-30);
    }

    // A diagonal matrix keeps its entries through QR and SVD, so the count is at the threshold's own bit.
    [Theory]
    [InlineData(1.001, 2)]
    [InlineData(0.999, 1)]
    public void A_value_just_above_the_threshold_counts_and_one_below_does_not(double factor, int rank)
    {
        double threshold = 0.5 * Math.Sqrt(40 + 2 + 1) * Epsilon;
        HostArray f = HostArray.Zeros([40, 2]);
        f[0, 0] = 1;
        f[1, 1] = factor * threshold;
        Assert.Equal(rank, RankTests.Of(f).Rank);
    }

    // Threshold 15.07 ε, allowance 10 ε: the bounds are at 25.07, 15.07 and 5.07.
    [Fact]
    public void The_window_counts_what_is_above_the_threshold_with_and_without_the_allowance()
    {
        HostArray f = HostArray.Zeros([900, 7]);
        double[] sigma = [1, 26 * Epsilon, 24 * Epsilon, 16 * Epsilon, 14 * Epsilon, 6 * Epsilon, 4 * Epsilon];
        for (int i = 0; i < sigma.Length; i++) f[i, i] = sigma[i];
        RankResult result = RankTests.Of(f);
        Assert.Equal((2, 4, 6), (result.RankLow, result.Rank, result.RankHigh));
    }

    [Fact]
    public void A_zero_matrix_has_rank_0()
    {
        RankResult result = RankTests.Of(HostArray.Zeros([4, 7]));
        Assert.Equal((0, 0, 0, 4), (result.RankLow, result.Rank, result.RankHigh, result.FullRank));
        Assert.Equal((0.0, 0.0, RankMethod.ZeroMatrix), (result.SigmaMin, result.SigmaMax, result.Method));
        Assert.Equal("0", result.RankText);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(3, 1)]
    public void One_row_or_column_has_its_norm(int rows, int columns)
    {
        RankResult result = RankTests.Of(new HostArray([rows, columns], [2, -3, 6]));
        Assert.Equal((1, 1), (result.RankLow, result.Rank));
        Assert.Equal(7, result.SigmaMax, 1e-14);
        Assert.Equal(7, result.SigmaMin, 1e-14);
    }

    [Fact]
    public void One_element_is_its_magnitude() => Assert.Equal(0.3, RankTests.Of(new HostArray([1, 1], [-0.3])).SigmaMin, 1e-16);

    [Fact]
    public void A_zero_row_in_front_makes_no_difference()
    {
        RankResult result = RankTests.Of(Matrices.FromRows([[0, 0, 0], [3, 0, 0], [0, 4, 0], [0, 0, 5]]));
        Assert.Equal((3, 3), (result.RankLow, result.Rank));
        Assert.Equal(3, result.SigmaMin, 1e-14);
        Assert.Equal(5, result.SigmaMax, 1e-14);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void An_entry_that_is_not_finite_is_an_error(double bad)
    {
        long before = TestDevices.Primary.UsedBytes;
        foreach (int position in (int[])[0, 17, 39])
        {
            HostArray f = Matrices.Random(8, 5, 1).WithValue(position, bad);
            Assert.Contains("NaN or infinite", Assert.Throws<ArithmeticException>(() => RankTests.Of(f)).Message);
        }

        Assert.Equal(before, TestDevices.Primary.UsedBytes);
    }

    [Fact]
    public void What_is_no_matrix_is_refused()
    {
        using TensorScope scope = new();
        Device device = TestDevices.Primary;
        foreach (Shape shape in (Shape[])[[6], [2, 3, 1], Shape.Scalar, [0, 3], [3, 0]])
            Assert.Throws<ArgumentException>(() => MatrixRank.Of(Tensor.Zeros(device, shape, DType.Float64)));
        Tensor matrix = Tensor.Zeros(device, [2, 3], DType.Float64);
        Assert.Throws<ArgumentException>(() => MatrixRank.OfInPlace(matrix, 3, 3));
        ArgumentException wrongWay = Assert.Throws<ArgumentException>(() => MatrixRank.OfInPlace(Tensor.Zeros(device, [3, 2], DType.Float64), 3, 2));
        Assert.Contains("with its short side first for 3 x 2, got", wrongWay.Message);
        Assert.Throws<ArgumentException>(() => MatrixRank.OfInPlace(Tensor.Zeros(device, [2, 3], DType.Float32), 3, 2));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1e-9)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_threshold_that_is_not_positive_is_refused_before_anything_is_done(double threshold)
    {
        using TensorScope scope = new();
        Tensor f = Matrices.Random(6, 4, 1).ToTensor(TestDevices.Primary, DType.Float64), matrix = ShortSideFirst.Of(f);
        double[] before = matrix.ToArray<double>();
        Assert.Contains($"threshold: expects a positive finite number, got {threshold}", Assert.Throws<ArgumentException>(() => MatrixRank.Of(f, threshold: threshold)).Message);
        Assert.Throws<ArgumentException>(() => MatrixRank.OfInPlace(matrix, 6, 4, threshold: threshold));
        Assert.Equal(before, matrix.ToArray<double>());
    }

    // In units of the matrix, whatever it was scaled by inside.
    [Theory]
    [InlineData(1e-9, 4)]
    [InlineData(1.9, 3)]
    [InlineData(2.1, 2)]
    [InlineData(1e300, 0)]
    public void A_given_threshold_takes_the_place_of_the_rule(double threshold, long rank)
    {
        foreach (double scale in (double[])[1, 1e-200])
        {
            using TensorScope scope = new();
            HostArray f = HostArray.Zeros([9, 4]);
            for (int i = 0; i < 4; i++) f[i, i] = scale * (i + 1);
            double given = Math.Min(threshold * scale, double.MaxValue);
            RankResult result = MatrixRank.Of(f.ToTensor(TestDevices.Primary, DType.Float64), threshold: given);
            Assert.Equal((rank, rank, rank), (result.RankLow, result.Rank, result.RankHigh));
            Assert.Equal((given, true), (result.Threshold, result.ThresholdIsGiven));
            if (rank > 0) Assert.Contains("the given threshold", RankCertificate.Lines(result)[0]);
        }
    }

    [Fact]
    public void A_zero_matrix_has_rank_0_at_a_given_threshold()
    {
        using TensorScope scope = new();
        RankResult result = MatrixRank.Of(Tensor.Zeros(TestDevices.Primary, [3, 3], DType.Float64), threshold: 1e-3);
        Assert.Equal((0, 1e-3), (result.Rank, result.Threshold));
    }

    [Fact]
    public void The_matrix_stays_as_it_is_and_no_memory_stays_in_use()
    {
        HostArray f = Matrices.Random(30, 20, 2);
        using TensorScope scope = new();
        Tensor tensor = f.ToTensor(TestDevices.Primary, DType.Float64);
        long before = TestDevices.Primary.UsedBytes;
        MatrixRank.Of(tensor);
        Assert.Equal(f.Values, tensor.ToArray<double>());
        Assert.Equal(before, TestDevices.Primary.UsedBytes);
    }

    [Fact]
    public void In_place_the_matrix_is_released_and_the_phases_are_told()
    {
        using TensorScope scope = new();
        TestDevices.Primary.TrimCache(); // a cached block may be larger than what is asked for
        long before = TestDevices.Primary.UsedBytes;
        Tensor matrix = ShortSideFirst.Of(Matrices.Random(20, 30, 3).ToTensor(TestDevices.Primary, DType.Float64));
        List<string> phases = [];
        RankResult result = MatrixRank.OfInPlace(matrix, 20, 30, seed: 77, phases.Add);
        Assert.Equal(["QR of 30 x 20", "all singular values of R"], phases);
        Assert.Equal(77UL, result.Seed);
        Assert.Throws<ObjectDisposedException>(() => matrix.ToArray<double>());
        Assert.True(TestDevices.Primary.UsedBytes <= before + 8 * 600 + 512);
    }

    [Theory]
    [InlineData(3967, 3964, 3970, "3967 [3964..3970]")]
    [InlineData(5, 5, 5, "5")]
    [InlineData(5, 4, 5, "5 [4..5]")]
    [InlineData(5, 5, 6, "5 [5..6]")]
    public void The_window_is_shown_when_it_is_open(long rank, long low, long high, string text)
    {
        RankResult result = RankTests.Of(HostArray.Zeros([2, 2])) with { Rank = rank, RankLow = low, RankHigh = high };
        Assert.Equal(text, result.RankText);
    }
}
