using CudaLandscape.Tensors.Autograd;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// Singular vectors of a tall A[m,n], m ≥ n ≥ 1, as one tensor [m + n, n]: U[m,n] above V[n,n], A = U diag(σ) Vᵀ with σ
/// descending; float32 or float64. The sign of each pair of columns is the solver's choice, so gradients mean something for
/// functions that do not depend on it. With repeated or zero singular values the gradient is not finite.
/// </summary>
public sealed class SingularVectors : Op
{
    /// <inheritdoc/>
    public override string Name => "singular_vectors";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Input(0) | Saves.Output;

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        OpChecks.RequireFloat(Name, x[0]);
        OpChecks.RequireRank(Name, x[0], 2, "[m,n]");
        if (x[0].Shape[0] < x[0].Shape[1] || x[0].Shape[1] == 0)
            throw new ArgumentException($"{Name}: expects a matrix with m rows and n columns, m >= n >= 1, got {x[0]}.");
        using TensorScope scope = new();
        (_, Tensor? left, Tensor? right) = SquareFactorizations.Singular(Name, x[0].Transpose(), vectors: true);
        return scope.Return(new[] { left!.Transpose(), right! }.Concat(0));
    }

    /// <summary>
    /// dA = (U ((skew(Uᵀ dU) / E) S + S (skew(Vᵀ dV) / E)) + (dU - U Uᵀ dU) S⁻¹) Vᵀ with S = diag(σ), skew(M) = M - Mᵀ and
    /// E[j,k] = σ[k]² - σ[j]² (Townsend, Differentiating the singular value decomposition, 2016).
    /// </summary>
    protected internal override Tensor?[] Vjp(in Backward b)
    {
        (long m, long n) = (b.Shape(0)[0], b.Shape(0)[1]);
        (Tensor u, Tensor v) = (b.Y.Slice(0, 0, m), b.Y.Slice(0, m, m + n));
        (Tensor du, Tensor dv) = (b.Dy.Slice(0, 0, m), b.Dy.Slice(0, m, m + n));
        Tensor s = b.X(0).SingularValues(), row = s.Reshape([1, n]), column = s.Reshape([n, 1]);
        Tensor e = (row - column) * (row + column) + LinearAlgebra.Identity(s.Device, n, s.DType);
        Tensor uu = u.MatMul(du, transposeA: true), vv = v.MatMul(dv, transposeA: true);
        Tensor da = u.MatMul(Skew(uu) / e * row + column * (Skew(vv) / e));
        if (m > n) da += (du - u.MatMul(uu)) / row;
        return [da.MatMul(v, transposeB: true)];
    }

    private static Tensor Skew(Tensor x) => x - x.Transpose();
}

public static partial class TensorOps
{
    /// <summary>
    /// U[r,k] and V[c,k] of A[r,c] = U diag(σ) Vᵀ, k = min(r,c), for the singular values in descending order; see
    /// <see cref="Ops.SingularVectors"/>.
    /// </summary>
    /// <exception cref="ArgumentException">A is not a float matrix, or has no elements.</exception>
    /// <exception cref="ArithmeticException">No convergence, or elements that are not finite.</exception>
    public static (Tensor U, Tensor V) SingularVectors(this Tensor a)
    {
        OpChecks.RequireRank("singular_vectors", a, 2, "[rows,columns]");
        bool wide = a.Shape[0] < a.Shape[1];
        using TensorScope scope = new();
        Tensor both = new SingularVectors().Apply(wide ? a.Transpose() : a);
        long split = both.Shape[0] - both.Shape[1];
        Tensor longer = scope.Return(both.Slice(0, 0, split)), shorter = scope.Return(both.Slice(0, split, both.Shape[0]));
        return wide ? (shorter, longer) : (longer, shorter);
    }
}
