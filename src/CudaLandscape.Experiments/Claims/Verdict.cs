namespace CudaLandscape.Experiments.Claims;

/// <summary>What came of a claim.</summary>
internal enum Verdict
{
    /// <summary>Every check that decides is satisfied, at a size that says something.</summary>
    Holds,

    /// <summary>A check that decides is not satisfied.</summary>
    Fails,

    /// <summary>The computation shows that the document is wrong.</summary>
    DocumentInError,

    /// <summary>Nothing was decided: too small a size, no check that decides, or a computation that stopped.</summary>
    Open,
}
