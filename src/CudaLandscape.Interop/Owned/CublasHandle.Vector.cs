namespace CudaLandscape.Interop;

/// <content>Vector routines; those with a result wait for it.</content>
public sealed partial class CublasHandle
{
    /// <summary>The Euclidean norm of x.</summary>
    public unsafe double Nrm2(long n, ulong x, long incx, ScalarType type)
    {
        using Lease held = Enter();
        if (type == ScalarType.Float64)
        {
            double result = 0;
            CublasNative.cublasDnrm2_v2_64(held.Value, n, (double*)x, incx, &result).ThrowIfFailed();
            return result;
        }

        float single = 0;
        CublasNative.cublasSnrm2_v2_64(held.Value, n, (float*)x, incx, &single).ThrowIfFailed();
        return single;
    }

    /// <summary>The inner product of x and y.</summary>
    public unsafe double Dot(long n, ulong x, long incx, ulong y, long incy, ScalarType type)
    {
        using Lease held = Enter();
        if (type == ScalarType.Float64)
        {
            double result = 0;
            CublasNative.cublasDdot_v2_64(held.Value, n, (double*)x, incx, (double*)y, incy, &result).ThrowIfFailed();
            return result;
        }

        float single = 0;
        CublasNative.cublasSdot_v2_64(held.Value, n, (float*)x, incx, (float*)y, incy, &single).ThrowIfFailed();
        return single;
    }

    /// <summary>x = alpha x.</summary>
    public unsafe void Scal(long n, double alpha, ulong x, long incx, ScalarType type)
    {
        using Lease held = Enter();
        if (type == ScalarType.Float64)
        {
            CublasNative.cublasDscal_v2_64(held.Value, n, &alpha, (double*)x, incx).ThrowIfFailed();
            return;
        }

        float scale = (float)alpha;
        CublasNative.cublasSscal_v2_64(held.Value, n, &scale, (float*)x, incx).ThrowIfFailed();
    }
}
