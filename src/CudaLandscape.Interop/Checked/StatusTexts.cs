using System.Runtime.InteropServices;
using static CudaLandscape.Interop.CublasStatus;
using static CudaLandscape.Interop.CusolverStatus;

namespace CudaLandscape.Interop;

/// <summary>Names and meanings of statuses, and the call as it is shown.</summary>
internal static unsafe class StatusTexts
{
    private static readonly string[] Classes =
        [nameof(CudaDriverNative) + ".", nameof(CublasNative) + ".", nameof(CusolverNative) + "."];

    /// <summary>The source text of a call without the class and without line breaks.</summary>
    internal static string Call(string expression)
    {
        string text = expression;
        foreach (string prefix in Classes)
        {
            text = text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text;
        }

        return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    internal static string Name(CudaResult status)
    {
        byte* text = null;
        bool known = CudaDriverNative.cuGetErrorName(status, &text) == CudaResult.CUDA_SUCCESS;
        return (known ? Marshal.PtrToStringUTF8((nint)text) : null) ?? status.ToString();
    }

    internal static string Description(CudaResult status)
    {
        byte* text = null;
        bool known = CudaDriverNative.cuGetErrorString(status, &text) == CudaResult.CUDA_SUCCESS;
        return (known ? Marshal.PtrToStringUTF8((nint)text) : null) ?? "the driver knows no description";
    }

    internal static string Description(CublasStatus status) => status switch
    {
        CUBLAS_STATUS_NOT_INITIALIZED => "the handle is not one, or the driver or its context is not ready",
        CUBLAS_STATUS_ALLOC_FAILED => "cuBLAS could not allocate memory; free device memory",
        CUBLAS_STATUS_INVALID_VALUE => "a parameter is outside its range, such as a size, stride or leading dimension",
        CUBLAS_STATUS_ARCH_MISMATCH => "the device lacks a feature the routine needs",
        CUBLAS_STATUS_MAPPING_ERROR => "device memory could not be accessed",
        CUBLAS_STATUS_EXECUTION_FAILED => "a kernel failed to run; an earlier error of the device may be the cause",
        CUBLAS_STATUS_INTERNAL_ERROR => "an internal operation failed; check driver and library versions",
        CUBLAS_STATUS_NOT_SUPPORTED => "this combination of parameters is not supported",
        CUBLAS_STATUS_LICENSE_ERROR => "the licence could not be checked",
        _ => "a status cuBLAS does not document",
    };

    internal static string Description(CusolverStatus status) => status switch
    {
        CUSOLVER_STATUS_NOT_INITIALIZED => "the handle is not one, or the driver or its context is not ready",
        CUSOLVER_STATUS_ALLOC_FAILED => "cuSOLVER could not allocate memory; free device memory",
        CUSOLVER_STATUS_INVALID_VALUE => "a parameter is outside its range, such as a size or leading dimension",
        CUSOLVER_STATUS_ARCH_MISMATCH => "the device lacks a feature the routine needs",
        CUSOLVER_STATUS_MAPPING_ERROR => "device memory could not be accessed",
        CUSOLVER_STATUS_EXECUTION_FAILED => "a kernel failed to run; an earlier error of the device may be the cause",
        CUSOLVER_STATUS_INTERNAL_ERROR => "an internal operation failed; check driver and library versions",
        CUSOLVER_STATUS_MATRIX_TYPE_NOT_SUPPORTED => "this matrix type is not supported",
        CUSOLVER_STATUS_NOT_SUPPORTED => "this combination of parameters is not supported",
        CUSOLVER_STATUS_ZERO_PIVOT => "a zero pivot was met",
        CUSOLVER_STATUS_INVALID_LICENSE => "the licence could not be checked",
        CUSOLVER_STATUS_IRS_MATRIX_SINGULAR => "the matrix is singular",
        CUSOLVER_STATUS_INVALID_WORKSPACE => "the workspace is too small or not one",
        _ => "an error of the iterative refinement solvers, or one cuSOLVER does not document",
    };
}
