namespace CudaLandscape.Interop;

/// <summary>One attempt to find a library.</summary>
/// <param name="Library">What was looked for: "driver", "cublas", "cusolver", "softcuda".</param>
/// <param name="Candidate">The path or soname that was tried.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Text">Why, or what was found.</param>
public sealed record LibraryProbe(string Library, string Candidate, ProbeOutcome Outcome, string Text)
{
    /// <summary>One line for a report.</summary>
    public override string ToString() =>
        $"{Library} {Candidate}: {Outcome.ToString().ToLowerInvariant()}{(Text.Length == 0 ? "" : " (" + Text + ")")}";
}
