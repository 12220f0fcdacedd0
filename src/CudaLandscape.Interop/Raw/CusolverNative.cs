using System.Runtime.InteropServices;

namespace CudaLandscape.Interop;

/// <summary>cuSOLVER's 64-bit dense API as cusolverDn.h declares it; ScalarType numbers as cudaDataType does.</summary>
internal static unsafe partial class CusolverNative
{
    private const string Library = "cusolver";

    static CusolverNative() => NativeLibraryResolver.Install();

    [LibraryImport(Library, EntryPoint = "cusolverDnCreate")]
    internal static partial CusolverStatus cusolverDnCreate(nint* handle);

    [LibraryImport(Library, EntryPoint = "cusolverDnDestroy")]
    internal static partial CusolverStatus cusolverDnDestroy(nint handle);

    [LibraryImport(Library, EntryPoint = "cusolverDnSetStream")]
    internal static partial CusolverStatus cusolverDnSetStream(nint handle, nint stream);

    [LibraryImport(Library, EntryPoint = "cusolverDnCreateParams")]
    internal static partial CusolverStatus cusolverDnCreateParams(nint* parameters);

    [LibraryImport(Library, EntryPoint = "cusolverDnDestroyParams")]
    internal static partial CusolverStatus cusolverDnDestroyParams(nint parameters);

    [LibraryImport(Library, EntryPoint = "cusolverGetVersion")]
    internal static partial CusolverStatus cusolverGetVersion(int* version);

    [LibraryImport(Library, EntryPoint = "cusolverDnXgeqrf_bufferSize")]
    internal static partial CusolverStatus cusolverDnXgeqrf_bufferSize(
        nint handle, nint parameters, long m, long n,
        ScalarType typeA, void* a, long lda, ScalarType typeTau, void* tau, ScalarType computeType,
        nuint* deviceBytes, nuint* hostBytes);

    [LibraryImport(Library, EntryPoint = "cusolverDnXgeqrf")]
    internal static partial CusolverStatus cusolverDnXgeqrf(
        nint handle, nint parameters, long m, long n,
        ScalarType typeA, void* a, long lda, ScalarType typeTau, void* tau, ScalarType computeType,
        void* deviceWork, nuint deviceBytes, void* hostWork, nuint hostBytes, int* info);

    [LibraryImport(Library, EntryPoint = "cusolverDnXgesvd_bufferSize")]
    internal static partial CusolverStatus cusolverDnXgesvd_bufferSize(
        nint handle, nint parameters, sbyte jobU, sbyte jobVt, long m, long n,
        ScalarType typeA, void* a, long lda, ScalarType typeS, void* s,
        ScalarType typeU, void* u, long ldu, ScalarType typeVt, void* vt, long ldvt, ScalarType computeType,
        nuint* deviceBytes, nuint* hostBytes);

    [LibraryImport(Library, EntryPoint = "cusolverDnXgesvd")]
    internal static partial CusolverStatus cusolverDnXgesvd(
        nint handle, nint parameters, sbyte jobU, sbyte jobVt, long m, long n,
        ScalarType typeA, void* a, long lda, ScalarType typeS, void* s,
        ScalarType typeU, void* u, long ldu, ScalarType typeVt, void* vt, long ldvt, ScalarType computeType,
        void* deviceWork, nuint deviceBytes, void* hostWork, nuint hostBytes, int* info);

    [LibraryImport(Library, EntryPoint = "cusolverDnXpotrf_bufferSize")]
    internal static partial CusolverStatus cusolverDnXpotrf_bufferSize(
        nint handle, nint parameters, Fill uplo, long n, ScalarType typeA, void* a, long lda, ScalarType computeType,
        nuint* deviceBytes, nuint* hostBytes);

    [LibraryImport(Library, EntryPoint = "cusolverDnXpotrf")]
    internal static partial CusolverStatus cusolverDnXpotrf(
        nint handle, nint parameters, Fill uplo, long n, ScalarType typeA, void* a, long lda, ScalarType computeType,
        void* deviceWork, nuint deviceBytes, void* hostWork, nuint hostBytes, int* info);

    [LibraryImport(Library, EntryPoint = "cusolverDnXgetrf_bufferSize")]
    internal static partial CusolverStatus cusolverDnXgetrf_bufferSize(
        nint handle, nint parameters, long m, long n, ScalarType typeA, void* a, long lda, ScalarType computeType,
        nuint* deviceBytes, nuint* hostBytes);

    [LibraryImport(Library, EntryPoint = "cusolverDnXgetrf")]
    internal static partial CusolverStatus cusolverDnXgetrf(
        nint handle, nint parameters, long m, long n, ScalarType typeA, void* a, long lda, long* pivots,
        ScalarType computeType, void* deviceWork, nuint deviceBytes, void* hostWork, nuint hostBytes, int* info);

    [LibraryImport(Library, EntryPoint = "cusolverDnXgetrs")]
    internal static partial CusolverStatus cusolverDnXgetrs(
        nint handle, nint parameters, Transpose trans, long n, long nrhs, ScalarType typeA, void* a, long lda,
        long* pivots, ScalarType typeB, void* b, long ldb, int* info);

    [LibraryImport(Library, EntryPoint = "cusolverDnXsyevd_bufferSize")]
    internal static partial CusolverStatus cusolverDnXsyevd_bufferSize(
        nint handle, nint parameters, EigenMode jobz, Fill uplo, long n, ScalarType typeA, void* a, long lda,
        ScalarType typeW, void* w, ScalarType computeType, nuint* deviceBytes, nuint* hostBytes);

    [LibraryImport(Library, EntryPoint = "cusolverDnXsyevd")]
    internal static partial CusolverStatus cusolverDnXsyevd(
        nint handle, nint parameters, EigenMode jobz, Fill uplo, long n, ScalarType typeA, void* a, long lda,
        ScalarType typeW, void* w, ScalarType computeType,
        void* deviceWork, nuint deviceBytes, void* hostWork, nuint hostBytes, int* info);
}
