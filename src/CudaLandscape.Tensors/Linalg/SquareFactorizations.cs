using CudaLandscape.Interop;
using CudaLandscape.Tensors.Ops;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// Cholesky, LU, symmetric eigenvalues and singular vectors by cuSOLVER's 64-bit calls, float32 or float64, for matrices of
/// row-major tensors. Each failure is named by the op that asked for it.
/// </summary>
internal static class SquareFactorizations
{
    /// <summary>(A + Aᵀ) / 2, which is A itself to the last bit when A is symmetric.</summary>
    public static Tensor Symmetrized(string op, Tensor a)
    {
        OpChecks.RequireFloat(op, a);
        if (a.Shape.Rank != 2 || a.Shape[0] != a.Shape[1]) throw new ArgumentException($"{op}: expects a square matrix [n,n], got {a}.");
        return a.ElementCount == 0 ? Tensor.Empty(a.Device, a.Shape, a.DType, op) : (a + a.Transpose()).Scale(0.5);
    }

    /// <summary>Replaces a symmetric A by its lower Cholesky factor; what lies above the diagonal is left over.</summary>
    public static void Cholesky(string op, Tensor a)
    {
        RequireFinite(op, a);
        (CusolverHandle solver, long n, ScalarType type) = (a.Device.Solver, a.Shape[0], ScalarOf(a));
        using TensorScope scope = new();
        // The lower triangle by rows is the upper one by columns.
        Tensor work = Workspace(a, solver.PotrfBufferSize(Fill.Upper, n, a.Address, n, type).DeviceBytes), info = Info(a);
        solver.Potrf(Fill.Upper, n, a.Address, n, work.Address, work.Bytes, info.Address, type);
        int pivot = Read("Xpotrf", info);
        if (pivot > 0)
            throw new ArithmeticException(
                $"{op}: the matrix {a.Shape} {a.DType} is not positive definite: pivot {pivot} of {n} is not positive.");
    }

    /// <summary>X with op(A) X = B by LU with row exchanges, op being identity or transpose.</summary>
    public static Tensor Solve(string op, Tensor a, Tensor b, bool transpose)
    {
        RequireFinite(op, a);
        (CusolverHandle solver, long n, ScalarType type) = (a.Device.Solver, a.Shape[0], ScalarOf(a));
        using TensorScope scope = new();
        // Read by columns the factored matrix is Aᵀ, and the columns of B are the rows of its transpose.
        Tensor factors = Copy(a), columns = b.Transpose();
        Tensor pivots = Tensor.Empty(a.Device, [n * sizeof(long)], DType.UInt8, "pivots"), info = Info(a);
        Tensor work = Workspace(a, solver.GetrfBufferSize(n, n, factors.Address, n, type).DeviceBytes);
        solver.Getrf(n, n, factors.Address, n, pivots.Address, work.Address, work.Bytes, info.Address, type);
        int pivot = Read("Xgetrf", info);
        if (pivot > 0) throw new ArithmeticException($"{op}: the matrix {a.Shape} {a.DType} is singular: pivot {pivot} of {n} is zero.");
        solver.Getrs(
            transpose ? Transpose.None : Transpose.Transposed, n, b.Shape[1], factors.Address, n, pivots.Address,
            columns.Address, n, info.Address, type);
        return scope.Return(columns.Transpose());
    }

    /// <summary>
    /// Eigenvalues [n] of a symmetric A in rising order; A becomes its eigenvectors, one per row, or is destroyed.
    /// </summary>
    public static Tensor Eigen(string op, Tensor a, EigenMode mode)
    {
        RequireFinite(op, a);
        (CusolverHandle solver, long n, ScalarType type) = (a.Device.Solver, a.Shape[0], ScalarOf(a));
        using TensorScope scope = new();
        Tensor values = Tensor.Empty(a.Device, [n], a.DType, op), info = Info(a);
        Tensor work = Workspace(a, solver.SyevdBufferSize(mode, Fill.Upper, n, a.Address, n, values.Address, type).DeviceBytes);
        solver.Syevd(mode, Fill.Upper, n, a.Address, n, values.Address, work.Address, work.Bytes, info.Address, type);
        RequireConvergence(op, "Xsyevd", a, info);
        return scope.Return(values);
    }

    /// <summary>
    /// Singular values [n] in descending order of a tall matrix whose n columns are the rows of a[n,m], n ≤ m, which is
    /// destroyed. With vectors also Uᵀ[n,m] and V[n,n].
    /// </summary>
    public static (Tensor Values, Tensor? LeftRows, Tensor? Right) Singular(string op, Tensor a, bool vectors)
    {
        RequireFinite(op, a);
        (CusolverHandle solver, long n, long m, ScalarType type) = (a.Device.Solver, a.Shape[0], a.Shape[1], ScalarOf(a));
        using TensorScope scope = new();
        Tensor values = Tensor.Empty(a.Device, [n], a.DType, op), info = Info(a);
        Tensor? u = vectors ? Tensor.Empty(a.Device, [n, m], a.DType, op) : null, v = vectors ? Tensor.Empty(a.Device, [n, n], a.DType, op) : null;
        (char job, ulong left, ulong right) = (vectors ? 'S' : 'N', u?.Address ?? 0, v?.Address ?? 0);
        (long bytes, _) = solver.GesvdBufferSize(job, job, m, n, a.Address, m, values.Address, left, m, right, n, type);
        Tensor work = Workspace(a, bytes);
        solver.Gesvd(job, job, m, n, a.Address, m, values.Address, left, m, right, n, work.Address, work.Bytes, info.Address, type);
        RequireConvergence(op, "Xgesvd", a, info);
        return (scope.Return(values), u is null ? null : scope.Return(u), v is null ? null : scope.Return(v));
    }

    public static Tensor Copy(Tensor a)
    {
        Tensor copy = Tensor.Empty(a.Device, a.Shape, a.DType, "copy");
        copy.CopyFrom(a);
        return copy;
    }

    // What solvers make of other elements differs, and some never come to an end.
    private static void RequireFinite(string op, Tensor a)
    {
        using TensorScope scope = new();
        double largest = a.MaxAbs().Item();
        if (!double.IsFinite(largest))
            throw new ArithmeticException($"{op}: expects finite elements; the largest of the matrix {a.Shape} {a.DType} is {largest}.");
    }

    private static ScalarType ScalarOf(Tensor a) => a.DType == DType.Float32 ? ScalarType.Float32 : ScalarType.Float64;

    private static Tensor Info(Tensor a) => Tensor.Zeros(a.Device, [1], DType.Int32, "info");

    private static Tensor Workspace(Tensor a, long bytes) =>
        Tensor.Empty(a.Device, [Math.Max(1, bytes)], DType.UInt8, "workspace");

    private static int Read(string routine, Tensor info)
    {
        int code = info.ToArray<int>()[0];
        return code >= 0 ? code : throw new ArithmeticException($"{routine} reports info = {code}: bad argument {-code}.");
    }

    private static void RequireConvergence(string op, string routine, Tensor a, Tensor info)
    {
        int code = Read(routine, info);
        if (code > 0)
            throw new ArithmeticException(
                $"{op}: no convergence for a matrix of {a.ElementCount} elements, {a.DType} ({routine} reports info = {code}).");
    }
}
