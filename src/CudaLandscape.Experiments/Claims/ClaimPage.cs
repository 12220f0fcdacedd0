using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CudaLandscape.Experiments.Claims;

/// <summary>What came of all claims, as JSON for scripts and as a Markdown page for people.</summary>
internal sealed class ClaimPage(IReadOnlyList<ClaimOutcome> outcomes, string provenance)
{
    private static readonly JsonSerializerOptions s_indented = new()
    {
        WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>How many of each verdict, such as <c>14 holds, 0 fails, 2 document in error, 1 open</c>.</summary>
    public string Summary => string.Join(", ", Enum.GetValues<Verdict>().Select(
        v => $"{outcomes.Count(o => o.Result.Verdict == v)} {ClaimOutcome.TextOf(v)}"));

    public string ToJson() => new JsonArray([.. outcomes.Select(ToJson)]).ToJsonString(s_indented) + "\n";

    public string ToMarkdown()
    {
        StringBuilder page = new();
        page.Append("# Claims\n\n").Append(Summary).Append(". ").Append(provenance).Append("\n\n");
        page.Append("| item | claim | computed | reference | margin | verdict |\n| --: | --- | --: | --: | --: | --- |\n");
        foreach (ClaimOutcome outcome in outcomes) page.Append(Row(outcome));
        foreach (ClaimOutcome outcome in outcomes) AppendSection(page, outcome);
        return page.ToString();
    }

    private static string Row(ClaimOutcome outcome)
    {
        Check? check = outcome.Result.Headline;
        string numbers = check is null ? " | | " : $"{Check.Text(check.Computed)} | {check.Reference} | {Margin(check)}";
        return $"| {outcome.Claim.Item} | {outcome.Claim.Statement} | {numbers} | {outcome.VerdictText} |\n";
    }

    private static void AppendSection(StringBuilder page, ClaimOutcome outcome)
    {
        ClaimResult result = outcome.Result;
        page.Append(CultureInfo.InvariantCulture, $"\n## {outcome.Claim.Item}. {outcome.Claim.Statement}: {outcome.VerdictText}\n\n");
        page.Append(CultureInfo.InvariantCulture, $"{outcome.Claim.Source}. Again with `claims --item {outcome.Claim.Name}`; ");
        page.Append(CultureInfo.InvariantCulture, $"{(outcome.SizeText.Length > 0 ? outcome.SizeText : "no sizes")}; {outcome.Time.TotalSeconds:F1} s.\n");
        if (result.OpenBecause is { } reason) page.Append(CultureInfo.InvariantCulture, $"\nOpen: {reason}.\n");
        if (result.Note.Length > 0) page.Append('\n').Append(result.Note).Append('\n');
        page.Append("\n| what | computed | reference | margin | satisfied |\n| --- | --: | --: | --: | --- |\n");
        foreach (Check check in result.Checks)
            page.Append(CultureInfo.InvariantCulture, $"| {check.What} | {Check.Text(check.Computed)} | {check.Reference} | {Margin(check)} | {Satisfied(check)} |\n");
        foreach (ClaimFigure figure in result.Figures) page.Append(CultureInfo.InvariantCulture, $"\n![{figure.Figure.Title}]({figure.File})\n");
    }

    private static string Margin(Check check) => double.IsNaN(check.Margin) ? "" : Check.Text(check.Margin);

    private static string Satisfied(Check check) => check.Role switch
    {
        CheckRole.Observation => "shown only",
        CheckRole.Correction => check.IsSatisfied ? "document in error" : "no",
        _ => check.IsSatisfied ? "yes" : "no",
    };

    private static JsonObject ToJson(ClaimOutcome outcome) => new()
    {
        ["item"] = outcome.Claim.Item,
        ["name"] = outcome.Claim.Name,
        ["statement"] = outcome.Claim.Statement,
        ["source"] = outcome.Claim.Source,
        ["verdict"] = outcome.VerdictText,
        ["open_because"] = outcome.Result.OpenBecause,
        ["note"] = outcome.Result.Note,
        ["sizes"] = new JsonObject(outcome.Sizes.Select(s => KeyValuePair.Create(s.Key, (JsonNode?)s.Value))),
        ["seconds"] = outcome.Time.TotalSeconds,
        ["checks"] = new JsonArray([.. outcome.Result.Checks.Select(ToJson)]),
        ["figures"] = new JsonArray([.. outcome.Result.Figures.Select(f => (JsonNode)f.File)]),
    };

    private static JsonObject ToJson(Check check) => new()
    {
        ["what"] = check.What,
        ["role"] = $"{check.Role}".ToLowerInvariant(),
        ["computed"] = Finite(check.Computed),
        ["reference"] = check.Reference,
        ["margin"] = Finite(check.Margin),
        ["satisfied"] = check.IsSatisfied,
    };

    // JSON has no NaN.
    private static JsonNode? Finite(double value) => double.IsFinite(value) ? value : null;
}
