using System.Text.Json;
using System.Text.Json.Nodes;
using CudaLandscape.Nn.Data;

namespace CudaLandscape.Experiments.Runs;

/// <summary>A run.json as it was read.</summary>
/// <param name="Folder">Full path of the run folder.</param>
/// <param name="Json">Its content.</param>
internal sealed record RunRecord(string Folder, JsonObject Json)
{
    /// <summary>
    /// The form of run folders that this version writes: 1 or, of old, no number, then 2 with vectors of null spaces beside ranks. To be
    /// raised when a file of a run holds what older versions would lose or take for damage.
    /// </summary>
    public const int Format = 2;

    public string Experiment => Text("experiment");

    public string Status => Text("status");

    public bool IsDone => Status == "done";

    public string SettingsHash => Text("settings_sha256");

    public JsonObject Settings => Json["settings"] as JsonObject ?? throw Damaged("settings", "an object");

    /// <summary>The command line that began the run.</summary>
    public IReadOnlyList<string> Arguments => Json["arguments"] is JsonArray list && list.All(IsText)
        ? [.. list.Select(a => a!.GetValue<string>())]
        : throw Damaged("arguments", "a list of texts");

    /// <summary>Every commit that worked on the run, each once.</summary>
    public IReadOnlyList<string> Commits =>
        [.. Resumptions.Select(r => (string?)r?["commit"]).Prepend((string?)Json["commit"]).OfType<string>().Distinct()];

    /// <summary>SHA-256 of the training and test set; null when the run never came so far.</summary>
    public string? DataHash => Json["data"] is { } data ? $"{data["train_sha256"]} {data["test_sha256"]}" : null;

    private JsonArray Resumptions => Json["resumed"] as JsonArray ?? [];

    /// <summary>Reads the run.json of a folder.</summary>
    /// <exception cref="DataFileException">There is none, it is damaged, or a newer version wrote what this one does not know.</exception>
    public static RunRecord Read(string folder)
    {
        RunRecord record = ReadAny(folder);
        record.RequireKnownFormat();
        record.RequireFields();
        return record;
    }

    private static RunRecord ReadAny(string folder)
    {
        string full = Path.GetFullPath(folder), path = Path.Combine(full, "run.json");
        try
        {
            return new RunRecord(full, JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new JsonException("It is no object."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new DataFileException(
                path, 0, "this is not the run.json of a run", e.Message, "a run.json that this program wrote",
                "Name another run folder, or put a copy of the file in its place.", e);
        }
    }

    /// <summary>The same where a run began there; null for a folder without a run.json, and for none.</summary>
    /// <exception cref="DataFileException">The run.json is damaged.</exception>
    public static RunRecord? Find(string folder) => File.Exists(Path.Combine(folder, "run.json")) ? Read(folder) : null;

    /// <summary>The runs below a folder, newest first; folders without a run.json are none.</summary>
    /// <param name="parent">The folder; there may be none.</param>
    /// <param name="leftOut">Told of each run.json that cannot be read, and why.</param>
    public static IEnumerable<RunRecord> Below(string parent, Action<DataFileException> leftOut)
    {
        if (!Directory.Exists(parent)) yield break;
        foreach (string folder in Directory.GetDirectories(parent).OrderDescending(StringComparer.Ordinal))
        {
            RunRecord? record = null;
            try
            {
                record = Find(folder);
            }
            catch (DataFileException e)
            {
                leftOut(e);
            }

            if (record is not null) yield return record;
        }
    }

    private void RequireKnownFormat()
    {
        if (Json["format"] is not { } format) return;
        if (format is not JsonValue value || !value.TryGetValue(out int number) || number < 1) throw Damaged("format", "a number from 1 on");
        if (number <= Format) return;
        string version = (string?)Resumptions.LastOrDefault()?["version"] ?? (string?)Json["version"] ?? "unknown";
        throw new DataFileException(
            Path.Combine(Folder, "run.json"), 0, $"a newer program, version {version} at commit {Commits[^1]}, wrote this run", $"format {number}",
            $"format {Format} or less, which version {BuildInfo.Version} knows", "Use that version; nothing was changed.");
    }

    // What runs are asked for is of the kind that it has, so that a damaged file is found when it is read.
    private void RequireFields()
    {
        foreach (string name in (string[])["experiment", "status", "settings_sha256"]) Text(name);
        _ = (Settings, Arguments);
        RequireTexts("commit", Json["commit"]);
        RequireTextsIn("data", "folder", "train_sha256", "test_sha256");
        RequireTextsIn("device", "id");
        if (Json["resumed"] is not (null or JsonArray) || Resumptions.Any(r => r is not JsonObject)) throw Damaged("resumed", "a list of objects");
        RequireTexts("resumed", [.. Resumptions.SelectMany(r => (JsonNode?[])[r!["version"], r["commit"]])]);
    }

    private void RequireTextsIn(string name, params string[] members)
    {
        if (Json[name] is not (null or JsonObject)) throw Damaged(name, "an object");
        if (Json[name] is JsonObject found) RequireTexts(name, [.. members.Select(m => found[m])]);
    }

    private void RequireTexts(string name, params JsonNode?[] values)
    {
        if (!values.All(v => v is null || IsText(v))) throw Damaged(name, "texts");
    }

    private string Text(string name) => IsText(Json[name]) ? Json[name]!.GetValue<string>() : throw Damaged(name, "a text");

    private static bool IsText(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;

    private DataFileException Damaged(string name, string expected) => new(
        Path.Combine(Folder, "run.json"), 0, $"the field '{name}' is missing or of another kind", $"{Json[name]?.ToJsonString() ?? "nothing"}",
        expected, "Name a run folder that this version wrote, or put a copy of the file in its place.");
}
