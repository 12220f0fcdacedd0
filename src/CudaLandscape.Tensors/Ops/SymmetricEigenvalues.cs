using CudaLandscape.Interop;
using CudaLandscape.Tensors.Autograd;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// The eigenvalues λ[n] of (A + Aᵀ) / 2 in rising order; A[n,n] float32 or float64. An eigenvalue that is repeated has no
/// gradient of its own: what is returned is right for functions that treat the repeated ones alike (such as their sum), at
/// first order; the second derivative divides by the differences of eigenvalues and is not finite there.
/// </summary>
public sealed class SymmetricEigenvalues : Op
{
    /// <inheritdoc/>
    public override string Name => "symmetric_eigenvalues";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Input(0);

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        using TensorScope scope = new();
        Tensor a = SquareFactorizations.Symmetrized(Name, x[0]);
        if (a.ElementCount == 0) return scope.Return(Tensor.Empty(a.Device, [0], a.DType, Name));
        return scope.Return(SquareFactorizations.Eigen(Name, a, EigenMode.Values));
    }

    /// <summary>dA = V diag(dλ) Vᵀ, with V the orthonormal eigenvectors.</summary>
    protected internal override Tensor?[] Vjp(in Backward b)
    {
        Tensor v = b.X(0).SymmetricEigenvectors();
        return [(v * b.Dy).MatMul(v, transposeB: true)];
    }
}

public static partial class TensorOps
{
    /// <summary>Eigenvalues of a symmetric matrix in rising order; see <see cref="Ops.SymmetricEigenvalues"/>.</summary>
    /// <exception cref="ArgumentException">A is not a square float matrix.</exception>
    /// <exception cref="ArithmeticException">No convergence, or elements that are not finite.</exception>
    public static Tensor SymmetricEigenvalues(this Tensor a) => new SymmetricEigenvalues().Apply(a);
}
