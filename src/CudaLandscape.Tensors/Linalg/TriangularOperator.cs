using CudaLandscape.Interop;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// Products with R, Rᵀ, R⁻¹, R⁻ᵀ of an upper triangular R[k,k], whose columns begin the rows of a tensor [k,m], m ≥ k, as
/// <see cref="Factorizations.Triangularize"/> leaves them. A block of vectors is a tensor [count, k], one vector per row.
/// </summary>
internal sealed class TriangularOperator(Tensor r, bool inverse) : ILinearOperator
{
    public Device Device => r.Device;

    public long Size => r.Shape[0];

    /// <summary>R x or R⁻¹ x for every row x.</summary>
    public Tensor Apply(Tensor block) => Run(block, Transpose.None);

    /// <summary>Rᵀ x or R⁻ᵀ x for every row x.</summary>
    public Tensor ApplyTransposed(Tensor block) => Run(block, Transpose.Transposed);

    private Tensor Run(Tensor block, Transpose transpose)
    {
        (long k, long m, long count) = (Size, r.Shape[1], block.Shape[0]);
        Tensor y = Tensor.Empty(Device, block.Shape, DType.Float64, inverse ? "R⁻¹ x" : "R x");
        if (inverse)
        {
            y.CopyFrom(block);
            Device.Blas.Trsm(
                Side.Left, Fill.Upper, transpose, Diagonal.NonUnit, k, count, 1, r.Address, m, y.Address, k, ScalarType.Float64);
        }
        else
        {
            Device.Blas.Gemm(
                transpose, Transpose.None, k, count, k, 1, r.Address, m, block.Address, k, 0, y.Address, k, ScalarType.Float64);
        }

        return y;
    }
}
