using System.Text.Json.Nodes;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using static CudaLandscape.Experiments.Cli.OptionRange;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape.SigmaTruth;

/// <summary>What is measured: networks, numbers of images, readings of the noise and kinds of features.</summary>
internal sealed record SigmaTruthSettings : ExperimentSettings
{
    // n1 / N below, at and above the square matrix, closest where full rank begins.
    private static readonly double[] s_ratios = [1.0 / 3, 2.0 / 3, 5.0 / 6, 19.0 / 20, 1, 13.0 / 12, 7.0 / 6];

    /// <summary>Name of the preset.</summary>
    public required string Preset { get; init; }

    /// <summary>Numbers of images.</summary>
    public required IReadOnlyList<int> Samples { get; init; }

    /// <summary>Filters of the first layer for every N; empty takes <see cref="DefaultT1"/>.</summary>
    public IReadOnlyList<int> T1 { get; init; } = [];

    /// <summary>Standard deviations of random weights and biases.</summary>
    public required IReadOnlyList<double> Scales { get; init; }

    /// <summary>Epochs of the networks this experiment trains itself; 0 trains none.</summary>
    public required int Epochs { get; init; }

    /// <summary>A run of table2 whose trained networks are taken; null for none.</summary>
    public TrainedRun? Trained { get; init; }

    /// <summary>Readings of the noise on the images.</summary>
    public required IReadOnlyList<NoiseReading> Noise { get; init; }

    /// <summary>Kinds of features, float64 first.</summary>
    public required IReadOnlyList<FeatureKind> Features { get; init; }

    /// <summary>Seed of weights, noise, order, probes and of the control's noise.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Everything that is measured, in order.</summary>
    public IEnumerable<SigmaTruthCell> Cells =>
        from noise in Noise
        from n in Samples
        from scale in (IEnumerable<double?>)[.. Scales.Select(s => (double?)s), .. Epochs > 0 || Trained is not null ? (double?[])[null] : []]
        from t1 in T1.Count > 0 ? T1 : DefaultT1(n)
        select new SigmaTruthCell(noise, n, scale, t1);

    /// <summary>T1 with n1 / N near 1/3, 2/3, 5/6, 19/20, 1, 13/12 and 7/6, each once.</summary>
    public static IReadOnlyList<int> DefaultT1(int samples) =>
        [.. s_ratios.Select(ratio => Math.Max(1, (int)Math.Round(ratio * samples / 676))).Distinct()];

    /// <summary>The network of a cell: as drawn, as this experiment trains it, or that of another run.</summary>
    public Table2Settings NetworkOf(SigmaTruthCell cell) => cell.Scale is null && Trained is not null ? Trained.Settings : new Table2Settings
    {
        Preset = "sigma-truth",
        T1 = [cell.T1],
        Samples = cell.Samples,
        Epochs = cell.Scale is null ? Epochs : 0,
        BatchSize = 128,
        Rate = 3e-3,
        Decay = 1e-4,
        Noise = [cell.Noise],
        Float32Features = true,
        Trained = cell.Scale is null,
        Step = StepKind.Fused,
        Bias = BiasKind.Shared,
        Conv2 = Conv2Choice.Kernel2Stride1,
        Initializer = cell.Scale is { } scale ? new Initializer(InitializerKind.Normal, scale) : Initializer.GlorotUniform,
        Seed = Seed,
        Out = Out,
    };

    /// <summary>Throws when settings do not go together.</summary>
    /// <exception cref="ArgumentException">The message names the options.</exception>
    public void Validate()
    {
        Require(Features.Count > 0 && Features[0] == FeatureKind.Float64, "--features", "float64, which the others are compared with, and others", Names(Features));
        RequireDifferent("--features", Features.Select(k => k.ToString().ToLowerInvariant()));
        if (!Cells.Any()) throw new ArgumentException("There is no network: name --weight-scales, --epochs above 0, or --trained.");
        foreach (SigmaTruthCell cell in Cells.Where(c => c.Scale is null)) Trained?.Require(cell.T1);
    }

    /// <inheritdoc/>
    public override JsonObject ToJson() => new()
    {
        ["preset"] = Preset,
        ["n"] = new JsonArray([.. Samples.Select(n => (JsonNode)n)]),
        ["t1"] = new JsonArray([.. T1.Select(t => (JsonNode)t)]),
        ["weight_scales"] = new JsonArray([.. Scales.Select(s => (JsonNode)s)]),
        ["epochs"] = Epochs,
        ["trained"] = Trained?.Identity,
        ["noise"] = new JsonArray([.. Noise.Select(r => (JsonNode)Table2Settings.Name(r))]),
        ["features"] = Names(Features),
        ["seed"] = Seed,
    };

    private static string Names(IEnumerable<FeatureKind> kinds) => string.Join(',', kinds.Select(k => k.ToString().ToLowerInvariant()));
}
