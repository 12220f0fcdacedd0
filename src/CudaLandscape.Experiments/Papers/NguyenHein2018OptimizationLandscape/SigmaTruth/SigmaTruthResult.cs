using System.Text.Json;
using System.Text.Json.Serialization;
using CudaLandscape.Landscape.Rank;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape.SigmaTruth;

/// <summary>What was measured of one cell; absent parts were not reached. Kept as cell.json.</summary>
internal sealed class SigmaTruthResult
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        WriteIndented = true,
        IgnoreReadOnlyProperties = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Loss and errors of the network on the cell's images.</summary>
    public Evaluation? Train { get; set; }

    /// <summary>The error of float32 features, and of stored ones, over all entries.</summary>
    public Dictionary<FeatureKind, RoundingError> Rounding { get; init; } = [];

    /// <summary>Rank and singular values by kind of features.</summary>
    public Dictionary<FeatureKind, RankResult> Ranks { get; init; } = [];

    /// <summary>Seconds of each rank, the features included.</summary>
    public Dictionary<FeatureKind, double> Seconds { get; init; } = [];

    /// <summary>Why a part is missing.</summary>
    public string? Problem { get; set; }

    /// <summary>True when everything that the settings ask for was measured.</summary>
    public bool IsComplete(SigmaTruthSettings settings) => Train is not null && settings.Features.All(Ranks.ContainsKey);

    public string ToJson() => JsonSerializer.Serialize(this, s_options) + "\n";

    /// <exception cref="JsonException">The text is no result.</exception>
    public static SigmaTruthResult FromJson(string text) =>
        JsonSerializer.Deserialize<SigmaTruthResult>(text, s_options) ?? throw new JsonException("It is null.");
}
