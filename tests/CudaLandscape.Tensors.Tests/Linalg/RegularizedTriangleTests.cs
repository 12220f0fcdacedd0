using CudaLandscape.Tensors.Linalg;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Tensors.Tests.Linalg;

/// <summary>The QR of [R; δ I] without forming it, and orthonormal vectors by QR.</summary>
[Collection("device")]
public sealed class RegularizedTriangleTests
{
    // R'ᵀR' = RᵀR + δ² I, at sizes around the panel's 128, for an R that stands alone or on top of what QR left.
    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 9)]
    [InlineData(128, 128)]
    [InlineData(129, 140)]
    [InlineData(300, 300)]
    public void Every_squared_singular_value_grows_by_the_square_of_delta(int size, int stride)
    {
        using TensorScope scope = new();
        Tensor r = RandomTensor.Normal(TestDevices.Primary, [size, stride], DType.Float64, new RandomStream(1, 7));
        Factorizations.Triangularize(r);
        double[] before = Gram(r);
        RegularizedTriangle.Apply(r, 1.5);
        double[] after = Gram(r), values = r.ToArray<double>();
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++) Assert.Equal(before[i * size + j] + (i == j ? 2.25 : 0), after[i * size + j], 1e-11);
            for (int below = i + 1; below < size; below++) Assert.Equal(0, values[i * stride + below]);
        }
    }

    [Fact]
    public void A_zero_matrix_becomes_delta()
    {
        using TensorScope scope = new();
        Tensor r = Tensor.Zeros(TestDevices.Primary, [140, 140], DType.Float64);
        RegularizedTriangle.Apply(r, 0.25);
        double[] gram = Gram(r);
        for (int i = 0; i < gram.Length; i++) Assert.Equal(i % 141 == 0 ? 0.0625 : 0, gram[i], 1e-16);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 200)]
    [InlineData(150, 150)]
    [InlineData(150, 400)]
    public void Thin_QR_gives_orthonormal_vectors_and_the_coefficients_of_the_given_ones(int count, int length)
    {
        using TensorScope scope = new();
        Tensor vectors = RandomTensor.Normal(TestDevices.Primary, [count, length], DType.Float64, new RandomStream(1, 8));
        if (count > 2) vectors.Slab(2 * length, [length], "third").CopyFrom(vectors.Slab(0, [length], "first"));
        double[] given = vectors.ToArray<double>();
        (Tensor q, Tensor r) = ThinQr.InPlace(vectors);
        double[] identity = q.MatMul(q, transposeB: true).ToArray<double>(), again = r.MatMul(q).ToArray<double>();
        for (int i = 0; i < identity.Length; i++) Assert.Equal(i % (count + 1) == 0 ? 1 : 0, identity[i], 1e-13);
        for (int i = 0; i < given.Length; i++) Assert.Equal(given[i], again[i], 1e-12);
    }

    // RᵀR for the R whose columns begin the tensor's rows.
    private static double[] Gram(Tensor r)
    {
        Tensor square = r.Slice(1, 0, r.Shape[0]);
        return square.MatMul(square, transposeB: true).ToArray<double>();
    }
}
