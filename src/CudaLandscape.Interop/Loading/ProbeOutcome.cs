namespace CudaLandscape.Interop;

/// <summary>What became of one attempt to find a library.</summary>
public enum ProbeOutcome
{
    /// <summary>It was loaded.</summary>
    Found,

    /// <summary>It is not there.</summary>
    Missing,

    /// <summary>It is there but cannot be used.</summary>
    Wrong,
}
