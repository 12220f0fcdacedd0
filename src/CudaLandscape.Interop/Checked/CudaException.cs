namespace CudaLandscape.Interop;

/// <summary>A call into the CUDA driver, cuBLAS, cuSOLVER or softcuda answered with an error.</summary>
public class CudaException : Exception
{
    internal CudaException(string library, string call, int status, string statusName, string description)
        : this($"{library}: {call} answered {status} {statusName}: {description}", null)
    {
        Library = library;
        Call = call;
        Status = status;
        StatusName = statusName;
        Description = description;
    }

    private protected CudaException(string message, CudaException? cause)
        : base(message, cause)
    {
        Library = cause?.Library ?? string.Empty;
        Call = cause?.Call ?? string.Empty;
        Status = cause?.Status ?? 0;
        StatusName = cause?.StatusName ?? string.Empty;
        Description = cause?.Description ?? string.Empty;
    }

    /// <summary>"CUDA driver", "cuBLAS" or "cuSOLVER".</summary>
    public string Library { get; private protected init; }

    /// <summary>The call as it stands in the source, or with the values that matter.</summary>
    public string Call { get; private protected init; }

    /// <summary>The number that came back.</summary>
    public int Status { get; private protected init; }

    /// <summary>The documented name of that number, such as CUDA_ERROR_INVALID_VALUE.</summary>
    public string StatusName { get; private protected init; }

    /// <summary>What that number means.</summary>
    public string Description { get; private protected init; }

    /// <summary>The report of a release that failed before; <paramref name="more"/> others failed beside it.</summary>
    internal static CudaException Late(string kind, CudaException cause, int more)
    {
        string others = more > 0 ? $" (and {more} more releases failed)" : string.Empty;
        string text = $"Releasing a {kind} failed earlier and is reported now: {cause.Message}{others}";
        return new CudaException(text, cause);
    }
}
