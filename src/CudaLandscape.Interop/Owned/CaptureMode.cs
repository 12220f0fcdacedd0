namespace CudaLandscape.Interop;

/// <summary>CUstreamCaptureMode: who may not make unsafe calls, such as allocations, while a stream records.</summary>
public enum CaptureMode
{
    /// <summary>No thread.</summary>
    Global = 0,

    /// <summary>Not the thread that records.</summary>
    ThreadLocal = 1,

    /// <summary>Everyone may.</summary>
    Relaxed = 2,
}
