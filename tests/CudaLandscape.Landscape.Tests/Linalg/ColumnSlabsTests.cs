using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;
using CudaLandscape.Tensors.Ops;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.Tests.Linalg;

/// <summary>Products with a matrix slab by slab, as one of more than 2³¹ elements is multiplied.</summary>
[Collection("device")]
public sealed class ColumnSlabsTests
{
    private const long Size = 53, Stride = 60;

    [Theory]
    [InlineData(10, 7, 70, new long[] { 0, 10 })]
    [InlineData(10, 7, 69, new long[] { 0, 9, 9, 1 })]
    [InlineData(10, 7, 21, new long[] { 0, 3, 3, 3, 6, 3, 9, 1 })]
    [InlineData(2, 7, 6, new long[] { 0, 1, 1, 1 })]
    public void Slabs_cover_the_columns_with_no_more_elements_than_allowed(long columns, long stride, long most, long[] expected) =>
        Assert.Equal(expected, ColumnSlabs.Of(columns, stride, most).SelectMany(slab => new[] { slab.First, slab.Count }));

    // The paper's largest matrix in halves, any up to T1 = 50 at once.
    [Fact]
    public void Only_matrices_of_more_than_2_to_the_31_elements_are_split()
    {
        Assert.Equal([(0, 31767), (31767, 28233)], ColumnSlabs.Of(60000, 67600));
        Assert.Equal([(0, 33800)], ColumnSlabs.Of(33800, 60000));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(27)]
    [InlineData(52)]
    public void A_triangle_in_slabs_has_the_products_and_solutions_of_the_whole(long width)
    {
        using TensorScope scope = new();
        Tensor r = Triangle(), x = RandomTensor.Normal(r.Device, [3, Size], DType.Float64, new RandomStream(2, 0));
        foreach (bool inverse in (bool[])[false, true])
        {
            TriangularOperator whole = new(r, inverse), slabs = new(r, inverse, width * Stride);
            AssertClose(whole.Apply(x), slabs.Apply(x));
            AssertClose(whole.ApplyTransposed(x), slabs.ApplyTransposed(x));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void The_check_of_QR_multiplies_in_slabs(long width)
    {
        using TensorScope scope = new();
        Tensor a = RandomTensor.Normal(TestDevices.Primary, [Size, Stride], DType.Float64, new RandomStream(3, 0));
        QrCheck check = QrCheck.Before(a, new RandomStream(4, 0), width * Stride);
        Factorizations.Triangularize(a);
        Assert.InRange(check.Deviation(a) / (4 * Stride), 0, QrCheck.Limit);
    }

    [Fact]
    public void QR_by_panels_applies_each_to_slabs_of_the_columns_behind_it()
    {
        const long columns = 300, rows = 310;
        using TensorScope scope = new();
        Tensor whole = RandomTensor.Normal(TestDevices.Primary, [columns, rows], DType.Float64, new RandomStream(5, 0)), slabs = whole.Scale(1);
        BlockedQr.Factor(whole);
        BlockedQr.Factor(slabs, 50 * rows);
        AssertClose(whole, slabs);
    }

    // A diagonal of 4 keeps the inverse small.
    private static Tensor Triangle()
    {
        Tensor r = RandomTensor.Normal(TestDevices.Primary, [Size, Stride], DType.Float64, new RandomStream(1, 0)).Scale(0.1);
        double[] values = r.ToArray<double>();
        for (long j = 0; j < Size; j++) values[(j * Stride) + j] = 4;
        r.CopyFrom(Tensor.From<double>(r.Device, r.Shape, values, "R"));
        Factorizations.ClearBelowDiagonal(r);
        return r;
    }

    private static void AssertClose(Tensor expected, Tensor found) =>
        Assert.InRange((expected - found).MaxAbs().Item(), 0, 1e-13 * expected.MaxAbs().Item());
}
