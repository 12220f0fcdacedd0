using CudaLandscape.Interop;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// y = op(a) op(b), op being identity or transpose, on matrices [M,K] · [K,N] or batches of them [B,M,K] · [B,K,N]; a single
/// matrix is used for every member of the other side's batch. float32 runs without TF32 unless the device's
/// <see cref="Precision"/> asks for it.
/// </summary>
public sealed class MatMul(bool transposeA, bool transposeB) : Op
{
    /// <inheritdoc/>
    public override string Name => "matmul";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Inputs;

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        (Tensor a, Tensor b) = (x[0], x[1]);
        OpChecks.RequireSameFloat(Name, a, b);
        RequireMatrices(a, b);
        (long m, long k) = transposeA ? (a.Shape[-1], a.Shape[-2]) : (a.Shape[-2], a.Shape[-1]);
        (long kb, long n) = transposeB ? (b.Shape[-1], b.Shape[-2]) : (b.Shape[-2], b.Shape[-1]);
        if (k != kb) throw new ArgumentException($"{Name}: inner sizes differ: {Text(a, transposeA)} times {Text(b, transposeB)}.");
        bool batched = a.Shape.Rank == 3 || b.Shape.Rank == 3;
        long batch = a.Shape.Rank == 3 ? a.Shape[0] : batched ? b.Shape[0] : 1;
        Tensor y = Tensor.Empty(a.Device, batched ? [batch, m, n] : [m, n], a.DType, Name);
        if (y.ElementCount > 0) Run(a, b, y, batch, m, n, k);
        return y;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward g)
    {
        Tensor? da = null, db = null;
        if (g.Needs(0))
            da = transposeA ? g.X(1).MatMul(g.Dy, transposeB, true) : g.Dy.MatMul(g.X(1), false, !transposeB);
        if (g.Needs(1))
            db = transposeB ? g.Dy.MatMul(g.X(0), true, transposeA) : g.X(0).MatMul(g.Dy, !transposeA, false);
        return [da?.SumTo(g.Shape(0)), db?.SumTo(g.Shape(1))];
    }

    // Row-major y = a b is column-major yᵀ = bᵀ aᵀ, so the operands change places and keep their transposition.
    private void Run(Tensor a, Tensor b, Tensor y, long batch, long m, long n, long k)
    {
        Transpose ta = transposeA ? Transpose.Transposed : Transpose.None, tb = transposeB ? Transpose.Transposed : Transpose.None;
        long lda = Math.Max(1, a.Shape[-1]), ldb = Math.Max(1, b.Shape[-1]);
        ScalarType type = a.DType == DType.Float32 ? ScalarType.Float32 : ScalarType.Float64;
        CublasHandle blas = y.Device.Blas;
        if (a.Shape.Rank == 3 && b.Shape.Rank == 2 && !transposeA) (m, batch) = (m * batch, 1);
        if (k == 0)
            y.Device.Stream.Fill8(y.Address, 0, y.Bytes);
        else if (batch == 1)
            blas.Gemm(tb, ta, n, m, k, 1, b.Address, ldb, a.Address, lda, 0, y.Address, n, type);
        else
            blas.GemmStridedBatched(
                tb, ta, n, m, k, 1, b.Address, ldb, Stride(b), a.Address, lda, Stride(a), 0, y.Address, n, m * n, batch, type);
    }

    private void RequireMatrices(Tensor a, Tensor b)
    {
        bool ranks = a.Shape.Rank is 2 or 3 && b.Shape.Rank is 2 or 3;
        bool batches = a.Shape.Rank != 3 || b.Shape.Rank != 3 || a.Shape[0] == b.Shape[0];
        if (!ranks || !batches)
            throw new ArgumentException($"{Name}: expects matrices [M,K] or equal batches of them [B,M,K], got {a} and {b}.");
    }

    private static long Stride(Tensor x) => x.Shape.Rank == 3 ? x.Shape[1] * x.Shape[2] : 0;

    private static string Text(Tensor x, bool transposed) => transposed ? $"({x}) transposed" : $"{x}";
}

public static partial class TensorOps
{
    /// <summary>op(a) op(b) on matrices or batches of them.</summary>
    public static Tensor MatMul(this Tensor a, Tensor b, bool transposeA = false, bool transposeB = false) => 
        new MatMul(transposeA, transposeB).Apply(a, b);
}
