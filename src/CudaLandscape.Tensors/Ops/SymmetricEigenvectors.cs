using CudaLandscape.Interop;
using CudaLandscape.Tensors.Autograd;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// Orthonormal eigenvectors of (A + Aᵀ) / 2, the columns of V[n,n], in the order of the rising eigenvalues; A[n,n] float32 or
/// float64. Signs are the solver's choice, so gradients mean something for functions that do not depend on them. With a
/// repeated eigenvalue V is not differentiable, and the gradient is not finite.
/// </summary>
public sealed class SymmetricEigenvectors : Op
{
    /// <inheritdoc/>
    public override string Name => "symmetric_eigenvectors";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Input(0) | Saves.Output;

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        using TensorScope scope = new();
        Tensor a = SquareFactorizations.Symmetrized(Name, x[0]);
        if (a.ElementCount == 0) return scope.Return(a);
        SquareFactorizations.Eigen(Name, a, EigenMode.Vectors);
        return scope.Return(a.Transpose());
    }

    /// <summary>
    /// dA = sym(V (F ∘ Vᵀ dV) Vᵀ) with F[i,j] = 1 / (λ[j] - λ[i]) and zero on the diagonal (Giles, Collected matrix derivative
    /// results, 2008, section 3.1).
    /// </summary>
    protected internal override Tensor?[] Vjp(in Backward b)
    {
        if (b.Dy.ElementCount == 0) return [b.Dy];
        Tensor v = b.Y, values = b.X(0).SymmetricEigenvalues();
        long n = values.Shape[0];
        Tensor identity = LinearAlgebra.Identity(v.Device, n, v.DType);
        Tensor gaps = values.Reshape([1, n]) - values.Reshape([n, 1]) + identity;
        Tensor inner = v.MatMul(b.Dy, transposeA: true) * (identity.Scale(-1, 1) / gaps);
        Tensor da = v.MatMul(inner).MatMul(v, transposeB: true);
        return [(da + da.Transpose()).Scale(0.5)];
    }
}

public static partial class TensorOps
{
    /// <summary>Eigenvectors of a symmetric matrix as columns; see <see cref="Ops.SymmetricEigenvectors"/>.</summary>
    /// <exception cref="ArgumentException">A is not a square float matrix.</exception>
    /// <exception cref="ArithmeticException">No convergence, or elements that are not finite.</exception>
    public static Tensor SymmetricEigenvectors(this Tensor a) => new SymmetricEigenvectors().Apply(a);
}
