using CudaLandscape.Tensors.Autograd;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// X with op(A) X = B for a square A, op being identity or transpose; A[n,n], B[n,m], floats of one type. By LU with row
/// exchanges, factored anew at each call.
/// </summary>
public sealed class Solve(bool transpose) : Op
{
    /// <inheritdoc/>
    public override string Name => "solve";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Input(0) | Saves.Output;

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        (Tensor a, Tensor b) = (x[0], x[1]);
        OpChecks.RequireSameFloat(Name, a, b);
        if (a.Shape.Rank != 2 || b.Shape.Rank != 2 || a.Shape[0] != a.Shape[1] || a.Shape[0] != b.Shape[0])
            throw new ArgumentException($"{Name}: expects A[n,n] and B[n,m], got {a} and {b}.");
        return b.ElementCount == 0
            ? Tensor.Empty(b.Device, b.Shape, b.DType, Name)
            : SquareFactorizations.Solve(Name, a, b, transpose);
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b)
    {
        Tensor db = b.X(0).Solve(b.Dy, !transpose);
        if (!b.Needs(0)) return [null, db];
        Tensor outer = transpose ? b.Y.MatMul(db, false, true) : db.MatMul(b.Y, false, true);
        return [outer.Scale(-1), db];
    }
}

public static partial class TensorOps
{
    /// <summary>X with op(A) X = B for a square A.</summary>
    /// <exception cref="ArgumentException">Shapes or types do not match.</exception>
    /// <exception cref="ArithmeticException">A pivot is exactly zero; the message names it. Near singularity is not noticed. Or A is not finite.</exception>
    public static Tensor Solve(this Tensor a, Tensor b, bool transpose = false) => new Solve(transpose).Apply(a, b);
}
