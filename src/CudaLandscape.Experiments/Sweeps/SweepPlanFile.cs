using System.Text.Json;
using System.Text.Json.Nodes;

namespace CudaLandscape.Experiments.Sweeps;

/// <summary>The content of plan.json.</summary>
internal sealed record SweepPlanFile
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
    };

    /// <summary>When it was written, UTC.</summary>
    public required DateTime Planned { get; init; }

    public required string Version { get; init; }

    /// <summary>The commit that planned it.</summary>
    public required string Commit { get; init; }

    public required IReadOnlyList<TableEntry> Tables { get; init; }

    /// <summary>Names of all units in the order of their indices.</summary>
    public required IReadOnlyList<string> Units { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, s_options) + "\n";

    /// <exception cref="JsonException">The text is no plan.</exception>
    public static SweepPlanFile FromJson(string text) =>
        JsonSerializer.Deserialize<SweepPlanFile>(text, s_options) ?? throw new JsonException("It is null.");

    /// <summary>One table: its experiment's name, command line and settings, and its images.</summary>
    public sealed record TableEntry
    {
        public required string Experiment { get; init; }

        public required IReadOnlyList<string> Arguments { get; init; }

        public required JsonObject Settings { get; init; }

        public required SweepData Data { get; init; }
    }
}
