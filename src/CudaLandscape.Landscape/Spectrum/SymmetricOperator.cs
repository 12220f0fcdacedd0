using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.Spectrum;

/// <summary>A symmetric linear map v[n] ↦ A v of Float64 vectors, known only by its products.</summary>
/// <param name="Device">Where the vectors are.</param>
/// <param name="Dimension">n.</param>
/// <param name="Apply">A v.</param>
public sealed record SymmetricOperator(Device Device, long Dimension, Func<Tensor, Tensor> Apply)
{
    /// <summary>The Hessian at the point where an objective stands; the curvature has to outlive it.</summary>
    public static SymmetricOperator Of(Curvature curvature) => new(curvature.Device, curvature.Dimension, curvature.HessianVectorProduct);

    /// <summary>(A + Aᵀ) / 2 of a matrix A[n,n], which has to outlive it.</summary>
    /// <exception cref="ArgumentException">A is not a square Float64 matrix.</exception>
    public static SymmetricOperator Of(Tensor matrix)
    {
        if (matrix.Shape.Rank != 2 || matrix.Shape[0] != matrix.Shape[1] || matrix.DType != DType.Float64)
            throw new ArgumentException($"SymmetricOperator: expects a square Float64 matrix, got {matrix}.");
        long n = matrix.Shape[0];
        return new SymmetricOperator(matrix.Device, n, v =>
        {
            using TensorScope scope = new();
            Tensor column = v.Reshape([n, 1]);
            return scope.Return((matrix.MatMul(column) + matrix.MatMul(column, transposeA: true)).Scale(0.5).Reshape([n]));
        });
    }
}
