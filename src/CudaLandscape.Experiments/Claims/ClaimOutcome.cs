namespace CudaLandscape.Experiments.Claims;

/// <summary>A claim after it ran.</summary>
internal sealed record ClaimOutcome(IClaim Claim, IReadOnlyDictionary<string, int> Sizes, ClaimResult Result, TimeSpan Time)
{
    /// <summary>True when a value that is not finite ended the computation.</summary>
    public bool Stopped { get; init; }

    /// <summary>Sizes as <c>n=20, draws=10</c>.</summary>
    public string SizeText => string.Join(", ", Claim.Sizes.Select(s => $"{s.Name}={Sizes[s.Name]}"));

    public string VerdictText => TextOf(Result.Verdict);

    public static string TextOf(Verdict verdict) => verdict == Verdict.DocumentInError ? "document in error" : $"{verdict}".ToLowerInvariant();

    /// <summary>The claim's one line.</summary>
    public string ToLine()
    {
        Check? check = Result.Headline;
        string numbers = check is null ? "nothing computed"
            : $"{check.What}: {Check.Text(check.Computed)}, reference {Or(check.Reference, "none")}"
                + (double.IsNaN(check.Margin) ? "" : $", margin {Check.Text(check.Margin)}");
        string why = Result.OpenBecause is { } reason ? $" ({reason})" : "";
        string sizes = SizeText.Length > 0 ? $" [{SizeText}]" : "";
        return $"{Claim.Item,3}  {VerdictText,-17}  {Claim.Statement}: {numbers}{why}{sizes} {Time.TotalSeconds:F1} s";
    }

    private static string Or(string text, string otherwise) => text.Length > 0 ? text : otherwise;
}
