using CudaLandscape.Tensors.Ops;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// A (I - U Uᵀ) for the rows u of U[d,k]. Whatever U is, it differs from A by a matrix of rank d, so that its norm is no less than the
/// (d + 1)-th singular value of A (Eckart and Young). With A = R⁻¹ and d right singular vectors of A the reciprocal of the norm is
/// near the (d + 1)-th smallest singular value of R, and never above it.
/// </summary>
internal sealed class DeflatedOperator(ILinearOperator a, Tensor u) : ILinearOperator
{
    public Device Device => a.Device;

    public long Size => a.Size;

    public Tensor Apply(Tensor block)
    {
        using TensorScope scope = new();
        return scope.Return(a.Apply(Project(block)));
    }

    public Tensor ApplyTransposed(Tensor block)
    {
        using TensorScope scope = new();
        return scope.Return(Project(a.ApplyTransposed(block)));
    }

    private Tensor Project(Tensor block) => block - block.MatMul(u, transposeB: true).MatMul(u);
}
