namespace CudaLandscape.Experiments.Claims;

/// <summary>What a check decides.</summary>
internal enum CheckRole
{
    /// <summary>Part of what the document claims; the claim fails without it.</summary>
    Claim,

    /// <summary>Shows that the document is wrong there; without it that is not shown, and the claim fails.</summary>
    Correction,

    /// <summary>Decides nothing.</summary>
    Observation,
}
