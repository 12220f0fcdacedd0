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
}
