using CudaLandscape.Tensors.Autograd;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// The singular values σ[min(r,c)] of A[r,c] in descending order, float32 or float64. The gradient u vᵀ of σ is right where
/// its value is distinct and positive; for repeated ones it holds for functions that treat them alike, and at 0 it is a
/// subgradient. The second derivative divides by σ and by differences of squares, and is not finite at such points.
/// </summary>
public sealed class SingularValues : Op
{
    /// <inheritdoc/>
    public override string Name => "singular_values";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Input(0);

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        OpChecks.RequireFloat(Name, x[0]);
        OpChecks.RequireRank(Name, x[0], 2, "[rows,columns]");
        if (x[0].ElementCount == 0) return Tensor.Empty(x[0].Device, [0], x[0].DType, Name);
        using TensorScope scope = new();
        Tensor tall = x[0].Shape[0] <= x[0].Shape[1] ? SquareFactorizations.Copy(x[0]) : x[0].Transpose();
        return scope.Return(SquareFactorizations.Singular(Name, tall, vectors: false).Values);
    }

    /// <summary>dA = U diag(dσ) Vᵀ.</summary>
    protected internal override Tensor?[] Vjp(in Backward b)
    {
        if (b.Dy.ElementCount == 0) return [b.Dy.Reshape(b.Shape(0))];
        (Tensor u, Tensor v) = b.X(0).SingularVectors();
        return [(u * b.Dy).MatMul(v, transposeB: true)];
    }
}

public static partial class TensorOps
{
    /// <summary>Singular values of a matrix in descending order; see <see cref="Ops.SingularValues"/>.</summary>
    /// <exception cref="ArgumentException">A is not a float matrix.</exception>
    /// <exception cref="ArithmeticException">No convergence, or elements that are not finite.</exception>
    public static Tensor SingularValues(this Tensor a) => new SingularValues().Apply(a);
}
