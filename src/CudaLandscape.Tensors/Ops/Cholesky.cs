using CudaLandscape.Tensors.Autograd;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// The lower triangular L with L Lᵀ = (A + Aᵀ) / 2, zero above the diagonal; A[n,n] float32 or float64. For a symmetric A that
/// is A itself; written so that the gradient is right for every element of A on its own, and symmetric.
/// </summary>
public sealed class Cholesky : Op
{
    /// <inheritdoc/>
    public override string Name => "cholesky";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Output;

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        using TensorScope scope = new();
        Tensor a = SquareFactorizations.Symmetrized(Name, x[0]);
        if (a.ElementCount == 0) return scope.Return(a);
        SquareFactorizations.Cholesky(Name, a);
        return scope.Return(a.Triangle(upper: false));
    }

    /// <summary>
    /// dA = sym(L⁻ᵀ Φ(Lᵀ dL) L⁻¹), where Φ keeps the lower triangle and halves its diagonal (Murray, Differentiation of the
    /// Cholesky decomposition, arXiv 1602.07527, 2016, eq. 10).
    /// </summary>
    protected internal override Tensor?[] Vjp(in Backward b)
    {
        if (b.Dy.ElementCount == 0) return [b.Dy];
        Tensor l = b.Y, product = l.MatMul(b.Dy.Triangle(upper: false), transposeA: true);
        // tril(M) with half the diagonal is the mean of tril(M) and its strict part M - triu(M).
        Tensor phi = (product.Triangle(upper: false) + product - product.Triangle(upper: true)).Scale(0.5);
        Tensor left = l.SolveTriangular(phi, upper: false, transpose: true);
        Tensor both = l.SolveTriangular(left.Transpose(), upper: false, transpose: true);
        return [(both + both.Transpose()).Scale(0.5)];
    }
}

public static partial class TensorOps
{
    /// <summary>The lower Cholesky factor of a symmetric positive definite matrix; see <see cref="Ops.Cholesky"/>.</summary>
    /// <exception cref="ArgumentException">A is not a square float matrix.</exception>
    /// <exception cref="ArithmeticException">A is not positive definite; the message names the failing pivot. Or it is not finite.</exception>
    public static Tensor Cholesky(this Tensor a) => new Cholesky().Apply(a);
}
