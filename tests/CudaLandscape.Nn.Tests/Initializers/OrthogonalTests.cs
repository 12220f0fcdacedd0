using CudaLandscape.Nn.Initializers;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Nn.Tests.Initializers;

/// <summary>Orthogonal weights, and those near the identity.</summary>
[Collection("device")]
public sealed class OrthogonalTests
{
    private static readonly RandomStream s_stream = new(3, 9);

    public static TheoryData<long[]> Shapes => [[1, 1], [7, 7], [5, 12], [12, 5], [64, 64], [6, 2, 3, 3], [40, 2, 3, 3], [3, 1]];

    [Theory, MemberData(nameof(Shapes))]
    public void The_shorter_side_is_orthonormal(long[] sizes)
    {
        Shape shape = Shape.Create(sizes);
        HostArray w = Draw("orthogonal", shape);
        Assert.Equal(shape, w.Shape);
        HostArray matrix = w with { Shape = [shape[0], shape.ElementCount / shape[0]] };
        bool wide = matrix.Shape[0] <= matrix.Shape[1];
        HostArray product = Loops.MatMul(matrix, matrix, !wide, wide);
        for (long i = 0; i < product.Shape[0]; i++)
            for (long j = 0; j < product.Shape[1]; j++) Assert.Equal(i == j ? 1 : 0, product[i, j], 1e-14);
    }

    // The factor R = W Gᵀ of the normal draws G that W comes from: triangular, with a positive diagonal.
    [Fact]
    public void The_sign_is_that_of_a_QR_factorisation_with_a_positive_diagonal()
    {
        using TensorScope scope = new();
        HostArray normal = new([6, 9], HostArray.Read(RandomTensor.Normal(TestDevices.Primary, [6, 9], DType.Float64, s_stream)));
        HostArray r = Loops.MatMul(Draw("orthogonal", [6, 9]), normal, false, true);
        for (int i = 0; i < 6; i++)
        {
            Assert.True(r[i, i] > 0);
            for (int j = 0; j < i; j++) Assert.Equal(0, r[i, j], 1e-13);
        }
    }

    [Fact]
    public void A_convolution_s_kernels_are_the_rows_of_the_matrix() =>
        Assert.Equal(Draw("orthogonal", [6, 18]).Values, Draw("orthogonal", [6, 2, 3, 3]).Values);

    [Fact]
    public void The_gain_scales_the_matrix() => Close.Relative(
        Array.ConvertAll(Draw("orthogonal", [5, 8]).Values, x => 1.5 * x), Draw("orthogonal=1.5", [5, 8]).Values, 1e-15, "gain");

    // Uniform on the orthogonal group: every entry has mean 0 and mean square 1/n.
    [Fact]
    public void Entries_have_the_moments_of_a_uniformly_distributed_matrix()
    {
        const int n = 4, draws = 400;
        double[] sum = new double[n * n], squares = new double[n * n];
        for (ulong k = 0; k < draws; k++)
        {
            double[] w = Draw("orthogonal", [n, n], s_stream with { Stream = k }).Values;
            for (int i = 0; i < w.Length; i++) (sum[i], squares[i]) = (sum[i] + w[i], squares[i] + w[i] * w[i]);
        }

        Assert.All(sum, s => Assert.InRange(s / draws, -5 * 0.5 / Math.Sqrt(draws), 5 * 0.5 / Math.Sqrt(draws)));
        Assert.All(squares, s => Assert.InRange(s / draws, 0.25 - 0.06, 0.25 + 0.06));
    }

    [SkippableTheory]
    [InlineData("orthogonal")]
    [InlineData("identity_residual=5")]
    [InlineData("he_normal_rescaled")]
    public void Both_devices_draw_the_same_bits(string name)
    {
        foreach (DType type in (DType[])[DType.Float32, DType.Float64])
            Assert.Equal(Bits(TestDevices.Primary, type), Bits(TestDevices.Check, type));

        byte[] Bits(Device device, DType type)
        {
            using TensorScope scope = new();
            return Initializer.Parse(name).Weights(device, [20, 20], type, s_stream, 20, 20).ToBytes();
        }
    }

    [Fact]
    public void Near_the_identity_the_difference_is_normal_of_variance_one_over_n_L()
    {
        const int n = 300, depth = 8;
        double[] w = Draw($"identity_residual={depth}", [n, n]).Values;
        for (int i = 0; i < n; i++) w[i * n + i] -= 1;
        double[] residual = Draw($"residual={depth}", [n, n]).Values;
        Close.Relative(residual, w, 1e-15, "difference from the identity");
        Assert.Equal(1.0 / (n * depth), w.Average(x => x * x), 5 * Math.Sqrt(2) / n / n / depth);
    }

    // Depth L of layers I + N(0, 1/(n L)): the mean square of a vector grows by (1 + 1/L)^L, not by 2^L.
    [Theory]
    [InlineData(10)]
    [InlineData(50)]
    public void A_deep_chain_near_the_identity_keeps_the_size_of_its_input(int depth)
    {
        const int n = 100;
        Initializer initializer = Initializer.Parse($"identity_residual={depth}");
        using TensorScope scope = new();
        Tensor z = RandomTensor.Normal(TestDevices.Primary, [400, n], DType.Float64, new RandomStream(1, 99));
        double before = z.Square().Sum().Item();
        for (ulong k = 0; k < (ulong)depth; k++)
            z = z.MatMul(initializer.Weights(TestDevices.Primary, [n, n], DType.Float64, new RandomStream(1, k), n, n), transposeB: true);
        double growth = z.Square().Sum().Item() / before;
        Assert.InRange(growth / Math.Pow(1 + 1.0 / depth, depth), 0.9, 1.1);
    }

    [Theory]
    [InlineData("orthogonal", new long[] { 5 }, "[out,in]")]
    [InlineData("identity_residual=2", new long[] { 5, 4 }, "[n,n]")]
    [InlineData("identity_residual=2", new long[] { 5, 5, 1, 1 }, "[n,n]")]
    public void A_shape_that_is_no_matrix_of_its_kind_is_refused(string name, long[] shape, string expected)
    {
        var error = Assert.Throws<ArgumentException>(() => Draw(name, Shape.Create(shape)));
        Assert.Contains(expected, error.Message);
        Assert.Contains(Shape.Create(shape).ToString(), error.Message);
    }

    private static HostArray Draw(string name, Shape shape, RandomStream? stream = null)
    {
        using TensorScope scope = new();
        Tensor w = Initializer.Parse(name).Weights(TestDevices.Primary, shape, DType.Float64, stream ?? s_stream, shape[-1], shape[0]);
        return new HostArray(w.Shape, HostArray.Read(w));
    }
}
