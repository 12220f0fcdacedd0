using static CudaLandscape.Interop.Transpose;

namespace CudaLandscape.Interop.Tests;

/// <summary>Each routine against numbers worked out by hand; matrices are column-major.</summary>
[Collection(DeviceCollection.Name)]
public sealed class CublasTests : IDisposable
{
    private readonly DeviceContext context;
    private readonly DeviceStream stream;
    private readonly CublasHandle blas;

    public CublasTests()
    {
        context = Devices.Open();
        stream = DeviceStream.Create(context);
        blas = CublasHandle.Create(stream);
    }

    public void Dispose()
    {
        blas.Dispose();
        stream.Dispose();
        context.Dispose();
    }

    [SkippableTheory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Gemm_multiplies_and_adds(ScalarType type)
    {
        using DeviceVector a = new(stream, type, 1, 2, 3, 4, 5, 6);
        using DeviceVector b = new(stream, type, 1, 0, 2, 0, 1, 3);
        using DeviceVector c = new(stream, type, 100, 200, 300, 400);
        blas.Gemm(None, None, 2, 2, 3, 2, a.Address, 2, b.Address, 3, 0.5, c.Address, 2, type);
        Assert.Equal([2 * 11 + 50, 2 * 14 + 100, 2 * 18 + 150, 2 * 22 + 200], c.Read());
        blas.Gemm(Transposed, None, 2, 2, 3, 1, a.Address, 3, b.Address, 3, 0, c.Address, 2, type);
        Assert.Equal([1 + 6, 4 + 12, 2 + 9, 5 + 18], c.Read());
    }

    // 1 + 2^-20 is no TF32 number: tensor cores give 1, everything else the number itself.
    [SkippableFact]
    public void Tensor_float_32_is_for_those_who_allow_it()
    {
        using DeviceVector a = new(stream, ScalarType.Float32, 1 + Math.ScaleB(1, -20));
        using DeviceVector one = new(stream, ScalarType.Float32, 1);
        using DeviceVector c = new(stream, ScalarType.Float32, 0);
        blas.SetTf32(true);
        blas.Gemm(None, None, 1, 1, 1, 1, a.Address, 1, one.Address, 1, 0, c.Address, 1, ScalarType.Float32);
        Assert.InRange(c.Read()[0], 1, 1 + Math.ScaleB(1, -20));
        blas.SetTf32(false);
        blas.Gemm(None, None, 1, 1, 1, 1, a.Address, 1, one.Address, 1, 0, c.Address, 1, ScalarType.Float32);
        Assert.Equal(1 + Math.ScaleB(1, -20), c.Read()[0]);
    }

    [SkippableTheory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void GemmStridedBatched_steps_through_the_batch(ScalarType type)
    {
        using DeviceVector a = new(stream, type, 1, 2, 3, 4);
        using DeviceVector b = new(stream, type, 5, 6);
        using DeviceVector c = new(stream, type, 0, 0, 0, 0);
        blas.GemmStridedBatched(None, None, 2, 1, 1, 1, a.Address, 2, 2, b.Address, 1, 1, 0, c.Address, 2, 2, 2, type);
        Assert.Equal([5, 10, 18, 24], c.Read());
    }

    [SkippableTheory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Gemv_multiplies_either_way(ScalarType type)
    {
        using DeviceVector a = new(stream, type, 1, 2, 3, 4, 5, 6);
        using DeviceVector x = new(stream, type, 1, 1, 2);
        using DeviceVector y = new(stream, type, 10, 10);
        blas.Gemv(None, 2, 3, 1, a.Address, 2, x.Address, 1, 1, y.Address, 1, type);
        Assert.Equal([10 + 14, 10 + 18], y.Read());
        blas.Gemv(Transposed, 3, 2, 1, a.Address, 3, x.Address, 1, 0, y.Address, 1, type);
        Assert.Equal([9, 21], y.Read());
    }

    [SkippableTheory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Trsm_solves_with_a_triangle(ScalarType type)
    {
        using DeviceVector a = new(stream, type, 2, 1, 99, 4);
        using DeviceVector b = new(stream, type, 2, 9);
        blas.Trsm(Side.Left, Fill.Lower, None, Diagonal.NonUnit, 2, 1, 2, a.Address, 2, b.Address, 2, type);
        Assert.Equal([2, 4], b.Read());
        blas.Trsm(Side.Left, Fill.Lower, None, Diagonal.Unit, 2, 1, 1, a.Address, 2, b.Address, 2, type);
        Assert.Equal([2, 2], b.Read());
    }

    [SkippableTheory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Vector_routines_answer_and_scale(ScalarType type)
    {
        using DeviceVector x = new(stream, type, 3, 7, 4, 7);
        using DeviceVector y = new(stream, type, 1, 2);
        Assert.Equal(5, blas.Nrm2(2, x.Address, 2, type), 5);
        Assert.Equal(11, blas.Dot(2, x.Address, 2, y.Address, 1, type));
        blas.Scal(2, -0.5, x.Address, 2, type);
        Assert.Equal([-1.5, 7, -2, 7], x.Read());
    }

    [SkippableFact]
    public void A_wrong_leading_dimension_is_named()
    {
        Assert.True(blas.Version > 0);
        using DeviceVector a = new(stream, ScalarType.Float64, 1, 2, 3, 4);
        ulong matrix = a.Address;
        CudaException failure = Assert.Throws<CudaException>(() => blas.Gemm(
            None, None, 2, 2, 2, 1, matrix, 1, matrix, 2, 0, matrix, 2, ScalarType.Float64));
        Assert.Equal(("cuBLAS", "CUBLAS_STATUS_INVALID_VALUE"), (failure.Library, failure.StatusName));
        Assert.StartsWith("cublasDgemm_v2_64(held.Value, a, b, m, n, k, &alpha", failure.Call);
    }
}
