using CudaLandscape.Interop;
using CudaLandscape.Tensors.Ops;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>X ← C X or CᵀX for the rows of X[b,k] and a C[b,b], slab by slab of X's columns, so that no second X is needed.</summary>
internal static class RowCombination
{
    private const long SlabColumns = 512;

    /// <summary>Replaces X.</summary>
    public static void Apply(Tensor c, bool transpose, Tensor x)
    {
        (long b, long k) = (x.Shape[0], x.Shape[1]);
        for (long first = 0; first < k; first += SlabColumns)
        {
            using TensorScope scope = new();
            long width = Math.Min(SlabColumns, k - first);
            Tensor slab = Tensor.Empty(x.Device, [b, width], DType.Float64, "slab");
            StridedCopy.Run("combine", [b, width], x, first, [k, 1], slab, 0, [width, 1]);
            // Read by columns X is Xᵀ, and Xᵀ ← Xᵀ Cᵀ with C read as Cᵀ.
            x.Device.Blas.Gemm(
                Transpose.None, transpose ? Transpose.Transposed : Transpose.None, width, b, b, 1, slab.Address, width, c.Address, b, 0,
                x.Address + (ulong)(first * sizeof(double)), k, ScalarType.Float64);
        }
    }
}
