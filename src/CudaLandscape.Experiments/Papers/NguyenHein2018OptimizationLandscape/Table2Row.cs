using System.Text.Json;
using System.Text.Json.Serialization;
using CudaLandscape.Landscape.Rank;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;

/// <summary>What was measured for one T1 and one reading of the noise; absent parts were not reached. Kept as row.json.</summary>
internal sealed class Table2Row
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        WriteIndented = true,
        IgnoreReadOnlyProperties = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    public required int T1 { get; init; }

    public required NoiseReading Noise { get; init; }

    public required int Samples { get; init; }

    public long ParameterCount { get; set; }

    public int EpochsDone { get; set; }

    public Evaluation? Train { get; set; }

    public Evaluation? Test { get; set; }

    public double TrainSeconds { get; set; }

    public double RankSeconds { get; set; }

    /// <summary>Ranks by matrix and precision, keys such as <c>f1_f64</c>.</summary>
    public Dictionary<string, RankResult> Ranks { get; init; } = [];

    /// <summary>Rounding of float32 features by layer, from the first samples; there where float32 ranks are.</summary>
    public Dictionary<string, RoundingError> Rounding { get; init; } = [];

    /// <summary>Columns of F3 in float64 that hardly vary, see <see cref="Table2Network.ConstantBelow"/>; null in rows that were measured before this was.</summary>
    public int? ConstantColumnsF3 { get; set; }

    /// <summary>Why a part is missing.</summary>
    public string? Problem { get; set; }

    /// <summary>True when everything that the settings ask for was measured.</summary>
    public bool IsComplete(Table2Settings settings) =>
        Train is not null && Test is not null && !IsOfFewerEpochs(settings) && settings.Matrices.All(m => Ranks.ContainsKey($"{m.Layer}_{m.Type.Suffix()}"));

    /// <summary>True when it was measured and the settings ask for a longer training.</summary>
    public bool IsOfFewerEpochs(Table2Settings settings) => settings.Trained && EpochsDone < settings.Epochs && Train is not null;

    public string ToJson() => JsonSerializer.Serialize(this, s_options) + "\n";

    /// <exception cref="JsonException">The text is no row.</exception>
    public static Table2Row FromJson(string text) =>
        JsonSerializer.Deserialize<Table2Row>(text, s_options) ?? throw new JsonException("It is null.");

    public Table2Paper? Paper => Table2Paper.Find(T1);

    /// <summary>The paper's row describes 60000 samples; it is no reference for another N.</summary>
    public bool IsComparable => Paper is not null && Samples == Table2Paper.Samples;
}
