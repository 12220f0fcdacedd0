namespace CudaLandscape.Interop;

/// <content>Cholesky, LU and symmetric eigenvalues. The host workspace is allocated here and given back when its work is done.</content>
public sealed partial class CusolverHandle
{
    /// <summary>Workspace that <see cref="Potrf"/> needs.</summary>
    public unsafe (long DeviceBytes, long HostBytes) PotrfBufferSize(Fill fill, long n, ulong A, long lda, ScalarType t)
    {
        using Lease held = Enter();
        nuint device = 0;
        nuint host = 0;
        CusolverNative.cusolverDnXpotrf_bufferSize(held.Value, parameters, fill, n, t, (void*)A, lda, t,
            &device, &host).ThrowIfFailed();
        return ((long)device, (long)host);
    }

    /// <summary>
    /// Cholesky factor of the symmetric n x n matrix A, of which one triangle is read, in that triangle; info = i &gt; 0 when the
    /// leading block of size i is not positive definite.
    /// </summary>
    public unsafe void Potrf(
        Fill fill, long n, ulong A, long lda, ulong deviceWork, long deviceBytes, ulong info, ScalarType t)
    {
        (_, long hostBytes) = PotrfBufferSize(fill, n, A, lda, t);
        using HostWorkspace host = new(hostBytes);
        using Lease held = Enter();
        CusolverNative.cusolverDnXpotrf(held.Value, parameters, fill, n, t, (void*)A, lda, t,
            (void*)deviceWork, (nuint)deviceBytes, host.Pointer, (nuint)hostBytes, (int*)info).ThrowIfFailed();
        Settle(hostBytes);
    }

    /// <summary>Workspace that <see cref="Getrf"/> needs.</summary>
    public unsafe (long DeviceBytes, long HostBytes) GetrfBufferSize(long m, long n, ulong A, long lda, ScalarType t)
    {
        using Lease held = Enter();
        nuint device = 0;
        nuint host = 0;
        CusolverNative.cusolverDnXgetrf_bufferSize(held.Value, parameters, m, n, t, (void*)A, lda, t,
            &device, &host).ThrowIfFailed();
        return ((long)device, (long)host);
    }

    /// <summary>
    /// LU of the m x n matrix A in place with row exchanges, 64-bit integers at pivots; info = i &gt; 0 when U[i,i] is exactly 0.
    /// </summary>
    public unsafe void Getrf(
        long m, long n, ulong A, long lda, ulong pivots, ulong deviceWork, long deviceBytes, ulong info, ScalarType t)
    {
        (_, long hostBytes) = GetrfBufferSize(m, n, A, lda, t);
        using HostWorkspace host = new(hostBytes);
        using Lease held = Enter();
        CusolverNative.cusolverDnXgetrf(held.Value, parameters, m, n, t, (void*)A, lda, (long*)pivots, t,
            (void*)deviceWork, (nuint)deviceBytes, host.Pointer, (nuint)hostBytes, (int*)info).ThrowIfFailed();
        Settle(hostBytes);
    }

    /// <summary>Overwrites B (n x nrhs) by X with op(A) X = B, given <see cref="Getrf"/>'s factors and pivots.</summary>
    public unsafe void Getrs(
        Transpose transpose, long n, long nrhs, ulong A, long lda, ulong pivots, ulong B, long ldb, ulong info, ScalarType t)
    {
        using Lease held = Enter();
        CusolverNative.cusolverDnXgetrs(held.Value, parameters, transpose, n, nrhs, t, (void*)A, lda, (long*)pivots,
            t, (void*)B, ldb, (int*)info).ThrowIfFailed();
    }

    /// <summary>Workspace that <see cref="Syevd"/> needs.</summary>
    public unsafe (long DeviceBytes, long HostBytes) SyevdBufferSize(
        EigenMode mode, Fill fill, long n, ulong A, long lda, ulong W, ScalarType t)
    {
        using Lease held = Enter();
        nuint device = 0;
        nuint host = 0;
        CusolverNative.cusolverDnXsyevd_bufferSize(held.Value, parameters, mode, fill, n, t, (void*)A, lda, t, (void*)W, t,
            &device, &host).ThrowIfFailed();
        return ((long)device, (long)host);
    }

    /// <summary>
    /// Eigenvalues W in rising order of the symmetric n x n matrix A, of which one triangle is read; with
    /// <see cref="EigenMode.Vectors"/> A becomes the orthonormal eigenvectors, one per column, else it is destroyed.
    /// </summary>
    public unsafe void Syevd(
        EigenMode mode, Fill fill, long n, ulong A, long lda, ulong W, ulong deviceWork, long deviceBytes, ulong info,
        ScalarType t)
    {
        (_, long hostBytes) = SyevdBufferSize(mode, fill, n, A, lda, W, t);
        using HostWorkspace host = new(hostBytes);
        using Lease held = Enter();
        CusolverNative.cusolverDnXsyevd(held.Value, parameters, mode, fill, n, t, (void*)A, lda, t, (void*)W, t,
            (void*)deviceWork, (nuint)deviceBytes, host.Pointer, (nuint)hostBytes, (int*)info).ThrowIfFailed();
        Settle(hostBytes);
    }
}
