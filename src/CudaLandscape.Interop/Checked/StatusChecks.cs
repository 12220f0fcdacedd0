using System.Runtime.CompilerServices;

namespace CudaLandscape.Interop;

/// <summary>Turns every status into nothing or into an exception that names the call.</summary>
internal static class StatusChecks
{
    internal const string DriverLibrary = "CUDA driver";
    internal const string BlasLibrary = "cuBLAS";
    internal const string SolverLibrary = "cuSOLVER";

    internal static void ThrowIfFailed(
        this CudaResult status, [CallerArgumentExpression(nameof(status))] string call = "")
    {
        if (status != CudaResult.CUDA_SUCCESS)
        {
            throw status.Failure(call)!;
        }
    }

    internal static void ThrowIfFailed(
        this CublasStatus status, [CallerArgumentExpression(nameof(status))] string call = "")
    {
        if (status != CublasStatus.CUBLAS_STATUS_SUCCESS)
        {
            throw status.Failure(call)!;
        }
    }

    internal static void ThrowIfFailed(
        this CusolverStatus status, [CallerArgumentExpression(nameof(status))] string call = "")
    {
        if (status != CusolverStatus.CUSOLVER_STATUS_SUCCESS)
        {
            throw status.Failure(call)!;
        }
    }

    internal static CudaException? Failure(
        this CudaResult status, [CallerArgumentExpression(nameof(status))] string call = "") =>
        status == CudaResult.CUDA_SUCCESS
            ? null
            : New(DriverLibrary, call, (int)status, StatusTexts.Name(status), StatusTexts.Description(status));

    /// <summary>With a reason that the driver does not give, after its own text; none when it is empty.</summary>
    internal static CudaException? Failure(this CudaResult status, string call, string reason)
    {
        string text = StatusTexts.Description(status);
        return status == CudaResult.CUDA_SUCCESS
            ? null
            : New(DriverLibrary, call, (int)status, StatusTexts.Name(status), reason.Length == 0 ? text : $"{text} ({reason})");
    }

    internal static CudaException? Failure(
        this CublasStatus status, [CallerArgumentExpression(nameof(status))] string call = "") =>
        status == CublasStatus.CUBLAS_STATUS_SUCCESS
            ? null
            : New(BlasLibrary, call, (int)status, status.ToString(), StatusTexts.Description(status));

    internal static CudaException? Failure(
        this CusolverStatus status, [CallerArgumentExpression(nameof(status))] string call = "") =>
        status == CusolverStatus.CUSOLVER_STATUS_SUCCESS
            ? null
            : New(SolverLibrary, call, (int)status, status.ToString(), StatusTexts.Description(status));

    /// <summary>For releases: at the end of the process the driver is gone, and what it held with it.</summary>
    internal static CudaException? ReleaseFailure(
        this CudaResult status, [CallerArgumentExpression(nameof(status))] string call = "") =>
        status == CudaResult.CUDA_ERROR_DEINITIALIZED ? null : status.Failure(call);

    private static CudaException New(string library, string call, int status, string name, string description) =>
        new(library, StatusTexts.Call(call), status, name, description);
}
