using System.Text.Json.Nodes;

namespace CudaLandscape.Experiments.Claims;

/// <summary>Settings of a run of claims.</summary>
/// <param name="Claims">The claims to compute.</param>
/// <param name="Sizes">Sizes that were chosen.</param>
internal sealed record ClaimsSettings(IReadOnlyList<IClaim> Claims, IReadOnlyDictionary<string, int> Sizes)
{
    public ulong Seed { get; init; } = 1;

    /// <summary>Data folder; null for the usual places.</summary>
    public string? Data { get; init; }

    /// <summary>Folder for the run folder.</summary>
    public string Out { get; init; } = "runs";

    /// <summary>Device; null for the default.</summary>
    public string? Device { get; init; }

    /// <summary>The command line.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>What determines the result.</summary>
    public JsonObject ToJson() => new()
    {
        ["claims"] = new JsonArray([.. Claims.Select(c => (JsonNode)c.Name)]),
        ["sizes"] = new JsonObject(Sizes.Select(s => KeyValuePair.Create(s.Key, (JsonNode?)s.Value))),
        ["seed"] = Seed,
    };
}
