using System.Globalization;

namespace CudaLandscape.Experiments.Claims;

/// <summary>
/// One computed number beside what it must be. A number that is NaN satisfies nothing. The margin is how far the number is on
/// the right side of its limit, in the number's own unit; a check is satisfied when its margin is 0 or more.
/// </summary>
internal sealed record Check
{
    private Check(string what, CheckRole role, double computed, string reference, double margin) =>
        (What, Role, Computed, Reference, Margin) = (what, role, computed, reference, margin);

    /// <summary>What was computed.</summary>
    public string What { get; }

    public CheckRole Role { get; }

    public double Computed { get; }

    /// <summary>What it must be, or what the document says.</summary>
    public string Reference { get; }

    public double Margin { get; }

    public bool IsSatisfied => Role == CheckRole.Observation || Margin >= 0;

    /// <summary>The claim is that the number is at most the limit.</summary>
    public static Check AtMost(string what, double computed, double limit) =>
        new(what, CheckRole.Claim, computed, $"≤ {Text(limit)}", limit - computed);

    /// <summary>The claim is that the number is at least the limit.</summary>
    public static Check AtLeast(string what, double computed, double limit) =>
        new(what, CheckRole.Claim, computed, $"≥ {Text(limit)}", computed - limit);

    /// <summary>The claim is that the number is the reference, to an absolute tolerance.</summary>
    public static Check Equal(string what, double computed, double reference, double tolerance = 0) =>
        new(what, CheckRole.Claim, computed, Text(reference), tolerance - Math.Abs(computed - reference));

    /// <summary>The document gives a number from which the computed one differs by more than the tolerance: it is in error.</summary>
    public static Check Contradicts(string what, double computed, double documented, double tolerance = 0) =>
        new(what, CheckRole.Correction, computed, $"document: {Text(documented)}", Beyond(Math.Abs(computed - documented), tolerance));

    /// <summary>The document says at most the limit, and the computed number is above: it is in error.</summary>
    public static Check ContradictsAtMost(string what, double computed, double limit) =>
        new(what, CheckRole.Correction, computed, $"document: ≤ {Text(limit)}", Beyond(computed, limit));

    /// <summary>A number that is shown and decides nothing.</summary>
    public static Check Observe(string what, double computed, string reference = "") =>
        new(what, CheckRole.Observation, computed, reference, double.NaN);

    /// <summary>A number as text: whole numbers in full, others to four digits.</summary>
    public static string Text(double value) => value.ToString(
        value == Math.Floor(value) && Math.Abs(value) < 1e15 ? "N0" : "G4", CultureInfo.InvariantCulture);

    // Equality is no contradiction.
    private static double Beyond(double value, double limit) => value > limit ? value - limit : Math.Min(value - limit, -double.Epsilon);
}
