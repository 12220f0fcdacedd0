using System.Runtime.InteropServices;

namespace CudaLandscape.Interop;

/// <summary>cuBLAS with 64-bit sizes as cublas_api.h declares it.</summary>
internal static unsafe partial class CublasNative
{
    private const string Library = "cublas";

    static CublasNative() => NativeLibraryResolver.Install();

    [LibraryImport(Library, EntryPoint = "cublasCreate_v2")]
    internal static partial CublasStatus cublasCreate_v2(nint* handle);

    [LibraryImport(Library, EntryPoint = "cublasDestroy_v2")]
    internal static partial CublasStatus cublasDestroy_v2(nint handle);

    [LibraryImport(Library, EntryPoint = "cublasSetStream_v2")]
    internal static partial CublasStatus cublasSetStream_v2(nint handle, nint stream);

    [LibraryImport(Library, EntryPoint = "cublasSetWorkspace_v2")]
    internal static partial CublasStatus cublasSetWorkspace_v2(nint handle, void* workspace, nuint bytes);

    [LibraryImport(Library, EntryPoint = "cublasSetMathMode")]
    internal static partial CublasStatus cublasSetMathMode(nint handle, CublasMath mode);

    [LibraryImport(Library, EntryPoint = "cublasSetPointerMode_v2")]
    internal static partial CublasStatus cublasSetPointerMode_v2(nint handle, CublasPointerMode mode);

    [LibraryImport(Library, EntryPoint = "cublasGetVersion_v2")]
    internal static partial CublasStatus cublasGetVersion_v2(nint handle, int* version);

    [LibraryImport(Library, EntryPoint = "cublasSgemm_v2_64")]
    internal static partial CublasStatus cublasSgemm_v2_64(
        nint handle, Transpose transA, Transpose transB, long m, long n, long k, float* alpha, float* a, long lda,
        float* b, long ldb, float* beta, float* c, long ldc);

    [LibraryImport(Library, EntryPoint = "cublasSgemmStridedBatched_64")]
    internal static partial CublasStatus cublasSgemmStridedBatched_64(
        nint handle, Transpose transA, Transpose transB, long m, long n, long k, float* alpha, float* a, long lda,
        long strideA, float* b, long ldb, long strideB, float* beta, float* c, long ldc, long strideC,
        long batchCount);

    [LibraryImport(Library, EntryPoint = "cublasSgemv_v2_64")]
    internal static partial CublasStatus cublasSgemv_v2_64(
        nint handle, Transpose trans, long m, long n, float* alpha, float* a, long lda, float* x, long incx,
        float* beta, float* y, long incy);

    [LibraryImport(Library, EntryPoint = "cublasStrsm_v2_64")]
    internal static partial CublasStatus cublasStrsm_v2_64(
        nint handle, Side side, Fill fill, Transpose trans, Diagonal diagonal, long m, long n, float* alpha, float* a,
        long lda, float* b, long ldb);

    [LibraryImport(Library, EntryPoint = "cublasSnrm2_v2_64")]
    internal static partial CublasStatus cublasSnrm2_v2_64(nint handle, long n, float* x, long incx, float* result);

    [LibraryImport(Library, EntryPoint = "cublasSdot_v2_64")]
    internal static partial CublasStatus cublasSdot_v2_64(
        nint handle, long n, float* x, long incx, float* y, long incy, float* result);

    [LibraryImport(Library, EntryPoint = "cublasSscal_v2_64")]
    internal static partial CublasStatus cublasSscal_v2_64(nint handle, long n, float* alpha, float* x, long incx);

    [LibraryImport(Library, EntryPoint = "cublasDgemm_v2_64")]
    internal static partial CublasStatus cublasDgemm_v2_64(
        nint handle, Transpose transA, Transpose transB, long m, long n, long k, double* alpha, double* a, long lda,
        double* b, long ldb, double* beta, double* c, long ldc);

    [LibraryImport(Library, EntryPoint = "cublasDgemmStridedBatched_64")]
    internal static partial CublasStatus cublasDgemmStridedBatched_64(
        nint handle, Transpose transA, Transpose transB, long m, long n, long k, double* alpha, double* a, long lda,
        long strideA, double* b, long ldb, long strideB, double* beta, double* c, long ldc, long strideC,
        long batchCount);

    [LibraryImport(Library, EntryPoint = "cublasDgemv_v2_64")]
    internal static partial CublasStatus cublasDgemv_v2_64(
        nint handle, Transpose trans, long m, long n, double* alpha, double* a, long lda, double* x, long incx,
        double* beta, double* y, long incy);

    [LibraryImport(Library, EntryPoint = "cublasDtrsm_v2_64")]
    internal static partial CublasStatus cublasDtrsm_v2_64(
        nint handle, Side side, Fill fill, Transpose trans, Diagonal diagonal, long m, long n, double* alpha,
        double* a, long lda, double* b, long ldb);

    [LibraryImport(Library, EntryPoint = "cublasDnrm2_v2_64")]
    internal static partial CublasStatus cublasDnrm2_v2_64(nint handle, long n, double* x, long incx, double* result);

    [LibraryImport(Library, EntryPoint = "cublasDdot_v2_64")]
    internal static partial CublasStatus cublasDdot_v2_64(
        nint handle, long n, double* x, long incx, double* y, long incy, double* result);

    [LibraryImport(Library, EntryPoint = "cublasDscal_v2_64")]
    internal static partial CublasStatus cublasDscal_v2_64(nint handle, long n, double* alpha, double* x, long incx);
}
