using System.Text.Json;

namespace CudaLandscape.Experiments.Papers.NguyenMukkamalaHein2019NoBadLocalValleys;

/// <summary>What was measured of one unit; kept as unit.json.</summary>
internal sealed class SkipResult
{
    private static readonly JsonSerializerOptions s_options = new() { WriteIndented = true, IgnoreReadOnlyProperties = true };

    /// <summary>The unit's name.</summary>
    public required string Unit { get; init; }

    /// <summary>Trained numbers.</summary>
    public long Parameters { get; set; }

    /// <summary>Neurons the skip connections were drawn from; 0 without.</summary>
    public long Pool { get; set; }

    public int? TrainErrors { get; set; }

    public int? TestErrors { get; set; }

    public int TestSamples { get; set; }

    /// <summary>Mean cross-entropy of the training samples; null for the exact variant, which does not minimise it.</summary>
    public double? TrainCrossEntropy { get; set; }

    public double? TestCrossEntropy { get; set; }

    public double TrainSeconds { get; set; }

    /// <summary>Most device memory in use at once, in bytes, images included.</summary>
    public long PeakBytes { get; set; }

    /// <summary>Device memory of the lists of neurons, in bytes.</summary>
    public long IndexBytes { get; set; }

    /// <summary>Whether the neurons of a frozen U were computed once and stored; null where U is trained.</summary>
    public bool? StoredNeurons { get; set; }

    /// <summary>‖Ψ V - Y‖_F / ‖Y‖_F of the exact variant.</summary>
    public double? Residual { get; set; }

    /// <summary>Why the unit has no result.</summary>
    public string? Problem { get; set; }

    /// <summary>Whether training and evaluation came to their end.</summary>
    public bool IsDone => TestErrors is not null && Problem is null;

    /// <summary>Share of the test samples that are classified right, in percent.</summary>
    public double TestAccuracy => 100.0 * (TestSamples - TestErrors!.Value) / TestSamples;

    public string ToJson() => JsonSerializer.Serialize(this, s_options) + "\n";

    /// <exception cref="JsonException">The text is no result.</exception>
    public static SkipResult FromJson(string text) =>
        JsonSerializer.Deserialize<SkipResult>(text, s_options) ?? throw new JsonException("It is null.");
}
