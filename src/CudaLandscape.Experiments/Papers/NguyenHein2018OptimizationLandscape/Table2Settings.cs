using System.Text.Json.Nodes;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;

/// <summary>Every setting of the Table 2 experiment, resolved; all of it is written to run.json.</summary>
internal sealed record Table2Settings
{
    public required string Preset { get; init; }

    /// <summary>The preset's options that were given other values; its name alone then says too much.</summary>
    public IReadOnlyList<string> Overridden { get; init; } = [];

    public required IReadOnlyList<int> T1 { get; init; }

    public required int Samples { get; init; }

    public required int Epochs { get; init; }

    public required int BatchSize { get; init; }

    public required double Rate { get; init; }

    public required double Decay { get; init; }

    public required IReadOnlyList<NoiseReading> Noise { get; init; }

    /// <summary>Also computes float32 features, always beside the float64 ones.</summary>
    public required bool Float32Features { get; init; }

    /// <summary>False leaves the weights as initialized.</summary>
    public required bool Trained { get; init; }

    /// <summary>Training steps are recorded once and replayed.</summary>
    public bool Captured { get; init; }

    public required BiasKind Bias { get; init; }

    public required Conv2Choice Conv2 { get; init; }

    public required Initializer Initializer { get; init; }

    public required ulong Seed { get; init; }

    public string? Data { get; init; }

    public required string Out { get; init; }

    public string? Device { get; init; }

    public AdamSettings Adam => new(Rate, Decay);

    /// <summary>Standard deviation of the noise, in units of the full pixel range.</summary>
    public static double Deviation(NoiseReading reading) => reading == NoiseReading.Variance ? Math.Sqrt(1e-5) : 1e-5;

    /// <summary>Throws when a setting is outside its range.</summary>
    /// <exception cref="ArgumentException">The message names option, range and value.</exception>
    public void Validate()
    {
        if (T1.Count == 0 || T1.Any(t => t < 1))
            throw new ArgumentException($"--t1 must list filters of the first layer, each 1 or more; got {string.Join(',', T1)}.");
        if (Samples < 1) throw new ArgumentException($"--n must be 1 or more; got {Samples}.");
        if (Epochs < 0) throw new ArgumentException($"--epochs must be 0 or more; got {Epochs}.");
        if (BatchSize < 1) throw new ArgumentException($"--batch must be 1 or more; got {BatchSize}.");
        Adam.Validate();
    }

    /// <summary>The settings that determine the result, for run.json and its hash.</summary>
    public JsonObject ToJson() => new()
    {
        ["preset"] = Preset,
        ["t1"] = new JsonArray([.. T1.Select(t => (JsonNode)t)]),
        ["n"] = Samples,
        ["epochs"] = Trained ? Epochs : 0,
        ["batch"] = BatchSize,
        ["lr"] = Rate,
        ["decay"] = Decay,
        ["noise"] = new JsonArray([.. Noise.Select(r => (JsonNode)Name(r))]),
        ["features"] = Float32Features ? "both" : "f64",
        ["weights"] = Trained ? "trained" : "random",
        ["step"] = Captured ? "captured" : "plain",
        ["bias"] = Name(Bias),
        ["conv2"] = Name(Conv2),
        ["init"] = Initializer.ToString(),
        ["seed"] = Seed,
        ["optimizer"] = "Adam, beta1 0.9, beta2 0.999, epsilon 1e-7, rate lr / (1 + decay * steps taken)",
        ["loss"] = "mean over all entries of (F_L - Y)^2 (Keras mse)",
        ["training_type"] = "Float32",
    };

    public static string Name(NoiseReading reading) => reading == NoiseReading.Variance ? "variance" : "sd";

    public static string Name(BiasKind bias) => bias == BiasKind.Shared ? "shared" : "neuron";

    public static string Name(Conv2Choice conv2) => conv2 == Conv2Choice.Kernel2Stride1 ? "2x2" : "3x3s2";
}
