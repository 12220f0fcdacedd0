namespace CudaLandscape.Interop;

/// <content>Factorisations. The host workspace is allocated here and given back when its work is done.</content>
public sealed partial class CusolverHandle
{
    /// <summary>Workspace that <see cref="Geqrf"/> needs.</summary>
    public unsafe (long DeviceBytes, long HostBytes) GeqrfBufferSize(
        long m, long n, ulong A, long lda, ulong tau, ScalarType t)
    {
        using Lease held = Enter();
        nuint device = 0;
        nuint host = 0;
        CusolverNative.cusolverDnXgeqrf_bufferSize(held.Value, parameters, m, n, t, (void*)A, lda, t, (void*)tau, t,
            &device, &host).ThrowIfFailed();
        return ((long)device, (long)host);
    }

    /// <summary>QR of the m x n matrix A in place: R above, reflectors below, their factors in tau.</summary>
    public unsafe void Geqrf(
        long m, long n, ulong A, long lda, ulong tau, ulong deviceWork, long deviceBytes, ulong info, ScalarType t)
    {
        (_, long hostBytes) = GeqrfBufferSize(m, n, A, lda, tau, t);
        using HostWorkspace host = new(hostBytes);
        using Lease held = Enter();
        CusolverNative.cusolverDnXgeqrf(held.Value, parameters, m, n, t, (void*)A, lda, t, (void*)tau, t,
            (void*)deviceWork, (nuint)deviceBytes, host.Pointer, (nuint)hostBytes, (int*)info).ThrowIfFailed();
        Settle(hostBytes);
    }

    /// <summary>Workspace that <see cref="Gesvd"/> needs.</summary>
    public unsafe (long DeviceBytes, long HostBytes) GesvdBufferSize(
        char jobU, char jobVt, long m, long n, ulong A, long lda, ulong S, ulong U, long ldu, ulong Vt, long ldvt,
        ScalarType t)
    {
        using Lease held = Enter();
        nuint device = 0;
        nuint host = 0;
        CusolverNative.cusolverDnXgesvd_bufferSize(held.Value, parameters, (sbyte)jobU, (sbyte)jobVt, m, n,
            t, (void*)A, lda, t, (void*)S, t, (void*)U, ldu, t, (void*)Vt, ldvt, t, &device, &host).ThrowIfFailed();
        return ((long)device, (long)host);
    }

    /// <summary>Singular values S and vectors U, Vt of the m x n matrix A, m &gt;= n; A is overwritten.</summary>
    public unsafe void Gesvd(
        char jobU, char jobVt, long m, long n, ulong A, long lda, ulong S, ulong U, long ldu, ulong Vt, long ldvt,
        ulong deviceWork, long deviceBytes, ulong info, ScalarType t)
    {
        (_, long hostBytes) = GesvdBufferSize(jobU, jobVt, m, n, A, lda, S, U, ldu, Vt, ldvt, t);
        using HostWorkspace host = new(hostBytes);
        using Lease held = Enter();
        CusolverNative.cusolverDnXgesvd(held.Value, parameters, (sbyte)jobU, (sbyte)jobVt, m, n,
            t, (void*)A, lda, t, (void*)S, t, (void*)U, ldu, t, (void*)Vt, ldvt, t,
            (void*)deviceWork, (nuint)deviceBytes, host.Pointer, (nuint)hostBytes, (int*)info).ThrowIfFailed();
        Settle(hostBytes);
    }

    /// <summary>Queued work may still read the host workspace: waits for it before the workspace goes.</summary>
    private void Settle(long hostBytes)
    {
        if (hostBytes > 0)
        {
            stream.Synchronize();
        }
    }
}
