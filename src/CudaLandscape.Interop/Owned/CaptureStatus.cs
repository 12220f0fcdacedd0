namespace CudaLandscape.Interop;

/// <summary>CUstreamCaptureStatus: whether a stream records.</summary>
public enum CaptureStatus
{
    /// <summary>It does not.</summary>
    None = 0,

    /// <summary>It does.</summary>
    Active = 1,

    /// <summary>It did until a call that cannot be recorded; ending the recording reports that.</summary>
    Invalidated = 2,
}
