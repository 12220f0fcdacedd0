namespace CudaLandscape.Experiments.Claims;

/// <summary>What a claim's computation gave; the verdict follows from it and cannot be set.</summary>
/// <param name="Checks">The computed numbers, the most telling one first.</param>
internal sealed record ClaimResult(params IReadOnlyList<Check> Checks)
{
    /// <summary>Why nothing is decided, whatever the checks say; null when they decide.</summary>
    public string? OpenBecause { get; init; }

    /// <summary>What a reader should know beside the numbers; Markdown.</summary>
    public string Note { get; init; } = "";

    /// <summary>What is shown beside the numbers.</summary>
    public IReadOnlyList<ClaimFigure> Figures { get; init; } = [];

    /// <summary>
    /// An unsatisfied check makes it fail at any size. Otherwise it is open when there is a reason, or no check that decides;
    /// in error when a check corrects the document; and holds only then.
    /// </summary>
    public Verdict Verdict => !Checks.All(c => c.IsSatisfied) ? Verdict.Fails
        : OpenBecause is not null || Checks.All(c => c.Role == CheckRole.Observation) ? Verdict.Open
        : Checks.Any(c => c.Role == CheckRole.Correction) ? Verdict.DocumentInError
        : Verdict.Holds;

    /// <summary>The check for the line on the screen: one that fails, else one that corrects, else the first; null without checks.</summary>
    public Check? Headline => Checks.FirstOrDefault(c => !c.IsSatisfied)
        ?? Checks.FirstOrDefault(c => c.Role == CheckRole.Correction)
        ?? Checks.FirstOrDefault(c => c.Role == CheckRole.Claim)
        ?? (Checks.Count > 0 ? Checks[0] : null);
}
