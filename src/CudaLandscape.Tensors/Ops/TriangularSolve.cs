using CudaLandscape.Interop;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// X with op(A) X = B, where A[n,n] is upper or lower triangular (the other triangle is not read) and op is identity or
/// transpose; B[n,m]. A zero on the diagonal gives infinities, as division does.
/// </summary>
public sealed class TriangularSolve(bool upper, bool transpose) : Op
{
    /// <inheritdoc/>
    public override string Name => "triangular_solve";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Input(0) | Saves.Output;

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        (Tensor a, Tensor b) = (x[0], x[1]);
        OpChecks.RequireSameFloat(Name, a, b);
        if (a.Shape.Rank != 2 || b.Shape.Rank != 2 || a.Shape[0] != a.Shape[1] || a.Shape[0] != b.Shape[0])
            throw new ArgumentException($"{Name}: expects A[n,n] and B[n,m], got {a} and {b}.");
        Tensor y = Tensor.Empty(b.Device, b.Shape, b.DType, Name);
        y.CopyFrom(b);
        long n = b.Shape[0], m = b.Shape[1];
        // Row-major op(A) X = B is column-major Xᵀ op(Aᵀ)ᵀ = Bᵀ, and the stored matrix is Aᵀ.
        if (y.ElementCount > 0)
            y.Device.Blas.Trsm(
                Side.Right, upper ? Fill.Lower : Fill.Upper, transpose ? Transpose.Transposed : Transpose.None, Diagonal.NonUnit,
                m, n, 1, a.Address, n, y.Address, m, a.DType == DType.Float32 ? ScalarType.Float32 : ScalarType.Float64);
        return y;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b)
    {
        Tensor db = b.X(0).SolveTriangular(b.Dy, upper, !transpose);
        if (!b.Needs(0)) return [null, db];
        Tensor outer = transpose ? b.Y.MatMul(db, false, true) : db.MatMul(b.Y, false, true);
        return [outer.Triangle(upper).Scale(-1), db];
    }
}

public static partial class TensorOps
{
    /// <summary>X with op(A) X = B for a triangular A.</summary>
    public static Tensor SolveTriangular(this Tensor a, Tensor b, bool upper, bool transpose = false) => 
        new TriangularSolve(upper, transpose).Apply(a, b);
}
