using System.Text.Json.Nodes;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;

/// <summary>Every setting of the Table 2 experiment, resolved; all of it is written to run.json.</summary>
internal sealed record Table2Settings : ExperimentSettings
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

    /// <summary>How training steps run.</summary>
    public required StepKind Step { get; init; }

    public required BiasKind Bias { get; init; }

    public required Conv2Choice Conv2 { get; init; }

    public required Initializer Initializer { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Seconds between two checkpoints; 0 saves after every step.</summary>
    public double CheckpointSeconds { get; init; } = 60;

    /// <summary>Trains the networks of all T1 in the same launches; each ends with the bits it has alone, so results do not depend on it.</summary>
    public bool Together { get; init; }

    /// <summary>The feature matrices whose rank is taken, in order.</summary>
    public IEnumerable<(string Layer, DType Type)> Matrices =>
        from type in Float32Features ? (DType[])[DType.Float64, DType.Float32] : [DType.Float64]
        from layer in (string[])["f1", "f3"]
        select (layer, type);

    public AdamSettings Adam => new(LearningRate.InverseTime(Rate, Decay));

    /// <summary>Standard deviation of the noise, in units of the full pixel range.</summary>
    public static double Deviation(NoiseReading reading) => reading == NoiseReading.Variance ? Math.Sqrt(1e-5) : 1e-5;

    /// <summary>Throws when settings contradict each other.</summary>
    /// <exception cref="ArgumentException">The message names the options.</exception>
    public void Validate()
    {
        if (Step == StepKind.Fused && !HasFusedStep(Bias, Conv2))
            throw new ArgumentException("--step fused needs --bias shared and --conv2 2x2; use --step captured.");
        if (Together && Step != StepKind.Fused)
            throw new ArgumentException($"--together needs --step fused; got {Step.ToString().ToLowerInvariant()}.");
    }

    /// <summary>Requires that a run of other settings measured some of the rows and matrices of these, all in the same manner.</summary>
    /// <exception cref="ArgumentException">It did not; the message names the option.</exception>
    public void RequireExtends(Table2Settings before)
    {
        RequireAll("--t1", before.T1, T1);
        RequireAll("--noise", before.Noise.Select(Name), Noise.Select(Name));
        if (before.Float32Features && !Float32Features) throw new ArgumentException("extend: --features f64 would leave out f32, which the run has.");
        if (Epochs < before.Epochs) throw new ArgumentException($"extend: --epochs {Epochs} is less than the {before.Epochs} of the run.");
        Table2Settings same = this with { T1 = before.T1, Noise = before.Noise, Epochs = before.Epochs, Float32Features = before.Float32Features };
        if (RunAgreement.FirstDifference(before.ToJson(), same.ToJson(), []) is ({ } name, { } then, { } now))
            throw new ArgumentException(
                $"extend: the setting '{name}' was {then} and would be {now}, so that what the run has is no part of it; "
                + "only --t1, --noise, --epochs and --features ask for more. Begin another run.");
    }

    /// <inheritdoc/>
    public override JsonObject ToJson() => new()
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
        ["step"] = Step.ToString().ToLowerInvariant(),
        ["bias"] = Name(Bias),
        ["conv2"] = Name(Conv2),
        ["init"] = Initializer.ToString(),
        ["seed"] = Seed,
        ["optimizer"] = "Adam, beta1 0.9, beta2 0.999, epsilon 1e-7, rate lr / (1 + decay * steps taken)",
        ["loss"] = "mean over all entries of (F_L - Y)^2 (Keras mse)",
        ["training_type"] = "Float32",
    };

    private static void RequireAll<T>(string option, IEnumerable<T> before, IEnumerable<T> now)
    {
        T[] missing = [.. before.Except(now)];
        if (missing.Length > 0)
            throw new ArgumentException($"extend: {option} {string.Join(',', now)} would leave out {string.Join(',', missing)}, which the run has.");
    }

    /// <summary>Whether there are kernels for a step of the network.</summary>
    public static bool HasFusedStep(BiasKind bias, Conv2Choice conv2) => bias == BiasKind.Shared && conv2 == Conv2Choice.Kernel2Stride1;

    public static string Name(NoiseReading reading) => reading == NoiseReading.Variance ? "variance" : "sd";

    public static string Name(BiasKind bias) => bias == BiasKind.Shared ? "shared" : "neuron";

    public static string Name(Conv2Choice conv2) => conv2 == Conv2Choice.Kernel2Stride1 ? "2x2" : "3x3s2";
}
