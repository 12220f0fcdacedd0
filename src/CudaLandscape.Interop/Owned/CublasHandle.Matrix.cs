namespace CudaLandscape.Interop;

/// <content>Matrix routines.</content>
public sealed partial class CublasHandle
{
    /// <summary>C = alpha op(A) op(B) + beta C, with op(A) m x k and op(B) k x n.</summary>
    public unsafe void Gemm(
        Transpose a, Transpose b, long m, long n, long k, double alpha, ulong A, long lda, ulong B, long ldb,
        double beta, ulong C, long ldc, ScalarType type)
    {
        using Lease held = Enter();
        if (type == ScalarType.Float64)
        {
            CublasNative.cublasDgemm_v2_64(held.Value, a, b, m, n, k, &alpha, (double*)A, lda, (double*)B, ldb,
                &beta, (double*)C, ldc).ThrowIfFailed();
            return;
        }

        float scale = (float)alpha;
        float keep = (float)beta;
        CublasNative.cublasSgemm_v2_64(held.Value, a, b, m, n, k, &scale, (float*)A, lda, (float*)B, ldb,
            &keep, (float*)C, ldc).ThrowIfFailed();
    }

    /// <summary>As <see cref="Gemm"/>, for matrices that follow each other at fixed distances (in elements).</summary>
    public unsafe void GemmStridedBatched(
        Transpose a, Transpose b, long m, long n, long k, double alpha, ulong A, long lda, long strideA,
        ulong B, long ldb, long strideB, double beta, ulong C, long ldc, long strideC, long batchCount,
        ScalarType type)
    {
        using Lease held = Enter();
        if (type == ScalarType.Float64)
        {
            CublasNative.cublasDgemmStridedBatched_64(held.Value, a, b, m, n, k, &alpha, (double*)A, lda, strideA,
                (double*)B, ldb, strideB, &beta, (double*)C, ldc, strideC, batchCount).ThrowIfFailed();
            return;
        }

        float scale = (float)alpha;
        float keep = (float)beta;
        CublasNative.cublasSgemmStridedBatched_64(held.Value, a, b, m, n, k, &scale, (float*)A, lda, strideA,
            (float*)B, ldb, strideB, &keep, (float*)C, ldc, strideC, batchCount).ThrowIfFailed();
    }

    /// <summary>y = alpha op(A) x + beta y, with A stored as m x n.</summary>
    public unsafe void Gemv(
        Transpose t, long m, long n, double alpha, ulong A, long lda, ulong x, long incx, double beta, ulong y,
        long incy, ScalarType type)
    {
        using Lease held = Enter();
        if (type == ScalarType.Float64)
        {
            CublasNative.cublasDgemv_v2_64(held.Value, t, m, n, &alpha, (double*)A, lda, (double*)x, incx,
                &beta, (double*)y, incy).ThrowIfFailed();
            return;
        }

        float scale = (float)alpha;
        float keep = (float)beta;
        CublasNative.cublasSgemv_v2_64(held.Value, t, m, n, &scale, (float*)A, lda, (float*)x, incx,
            &keep, (float*)y, incy).ThrowIfFailed();
    }

    /// <summary>Solves op(A) X = alpha B (or X op(A) = alpha B) in place of the m x n matrix B.</summary>
    public unsafe void Trsm(
        Side side, Fill fill, Transpose t, Diagonal d, long m, long n, double alpha, ulong A, long lda, ulong B,
        long ldb, ScalarType type)
    {
        using Lease held = Enter();
        if (type == ScalarType.Float64)
        {
            CublasNative.cublasDtrsm_v2_64(held.Value, side, fill, t, d, m, n, &alpha, (double*)A, lda,
                (double*)B, ldb).ThrowIfFailed();
            return;
        }

        float scale = (float)alpha;
        CublasNative.cublasStrsm_v2_64(held.Value, side, fill, t, d, m, n, &scale, (float*)A, lda,
            (float*)B, ldb).ThrowIfFailed();
    }
}
