using System.Text.Json.Nodes;
using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Nn.Training;
using CudaLandscape.Nn;
using static CudaLandscape.Experiments.Cli.OptionRange;

namespace CudaLandscape.Experiments.Papers.NguyenMukkamalaHein2019NoBadLocalValleys;

/// <summary>Every setting of Tables 1 and 2, resolved; all of it is written to run.json.</summary>
internal sealed record SkipSettings : ExperimentSettings
{
    public required SkipTable Table { get; init; }

    public required string Preset { get; init; }

    public required IReadOnlyList<string> Networks { get; init; }

    public required IReadOnlyList<SkipVariant> Variants { get; init; }

    public required IReadOnlyList<string> Activations { get; init; }

    /// <summary>Whether to train without, with, or both without and with augmentation.</summary>
    public required IReadOnlyList<bool> Augmentations { get; init; }

    /// <summary>Seeds of the skip variants' draws; the plain network trains with the first alone.</summary>
    public required IReadOnlyList<ulong> Seeds { get; init; }

    public required int Samples { get; init; }

    /// <summary>Test images; null for all there are.</summary>
    public int? TestSamples { get; init; }

    /// <summary>Skip connections to every output.</summary>
    public required int Connections { get; init; }

    public required int Epochs { get; init; }

    public required int BatchSize { get; init; }

    /// <summary>Learning rate of the first half; null for the paper's, 0.1 for DenseNet121 and 0.01 for the others.</summary>
    public double? Rate { get; init; }

    public required double Momentum { get; init; }

    public required Initializer Initializer { get; init; }

    public required Cnn13Reading Reading { get; init; }

    public required VggDownsampling Downsampling { get; init; }

    public required bool BatchNorm { get; init; }

    /// <summary>Device memory that the neurons of a frozen U may take, in bytes; more are computed anew for every batch.</summary>
    public required long NeuronBytes { get; init; }

    public double CheckpointSeconds { get; init; } = 60;

    /// <summary>The trainings behind the table, in its order. A frozen U is not trained on augmented images.</summary>
    public IEnumerable<SkipUnit> Units =>
        from network in Networks
        from variant in Variants
        from activation in Activations
        from augmented in Augmentations
        where !augmented || variant is SkipVariant.Plain or SkipVariant.SkipSgd
        from seed in variant == SkipVariant.Plain ? Seeds.Take(1) : Seeds
        select new SkipUnit(network, variant, activation, augmented, seed);

    /// <summary>The network that a unit trains, without skip connections.</summary>
    public GraphModel CreateNetwork(SkipUnit unit) => NamedNetworks.Create(unit.Network, new NetworkOptions
    {
        Activation = NetworkOptions.ActivationOf(unit.Activation),
        Reading = Reading,
        Downsampling = Downsampling,
        BatchNorm = BatchNorm,
    });

    /// <summary>The neurons to draw from: all hidden ones, of a DenseNet those of its first dense block.</summary>
    public static NeuronPool PoolOf(GraphModel network) =>
        network is DenseNet dense ? dense.FirstBlock : NeuronPool.OfActivations(network);

    /// <summary>How a unit is trained.</summary>
    public TrainingSettings TrainingOf(SkipUnit unit)
    {
        double rate = Rate ?? (unit.Network == "densenet121" ? 0.1 : 0.01);
        long steps = (long)Epochs * ((Samples + BatchSize - 1) / BatchSize);
        LearningRate schedule = steps < 2 ? rate : LearningRate.TenthAtHalfAndThreeQuarters(rate, steps);
        return new TrainingSettings(
            Epochs, BatchSize, new SgdSettings(schedule, Momentum, Nesterov: Momentum > 0), Seed: unit.Seed, Captured: true,
            Augmentation: unit.Augmented ? new Augmentation() : null, Objective: Objective.CrossEntropy);
    }

    /// <summary>Throws when settings do not go together, or something is named that there is not.</summary>
    /// <exception cref="ArgumentException">The message names option, what is expected and value.</exception>
    public void Validate()
    {
        RequireDifferent("--nets", Networks);
        RequireDifferent("--variants", Variants.Select(SkipUnit.NameOf));
        RequireDifferent("--activations", Activations);
        if (Augmentations.Contains(true) && !Table.HasAugmentation)
            throw new ArgumentException($"{Table.Command} has no augmentation; leave --augmentation out.");
        if (Variants.Contains(SkipVariant.SkipExact)) Require(Connections == Samples, "--connections", $"--n ({Samples}) for skip-exact", Connections);
        foreach (SkipUnit unit in Units) Validate(unit);
    }

    /// <inheritdoc/>
    public override JsonObject ToJson() => new()
    {
        ["preset"] = Preset,
        ["networks"] = List(Networks),
        ["variants"] = List(Variants.Select(SkipUnit.NameOf)),
        ["activations"] = List(Activations),
        ["augmentation"] = List(Augmentations.Select(a => a ? "on" : "off")),
        ["seeds"] = List(Seeds.Select(s => $"{s}")),
        ["n"] = Samples,
        ["test"] = TestSamples,
        ["connections"] = Connections,
        ["epochs"] = Epochs,
        ["batch"] = BatchSize,
        ["lr"] = Rate,
        ["momentum"] = Momentum,
        ["init"] = Initializer.ToString(),
        ["reading"] = Reading.ToString().ToLowerInvariant(),
        ["downsampling"] = Downsampling == VggDownsampling.MaxPool ? "pool" : "conv",
        ["batch_norm"] = BatchNorm,
        ["neuron_bytes"] = NeuronBytes,
        ["optimizer"] = "SGD with Nesterov's momentum in Keras' form, a tenth of the rate from 50 % and a hundredth from 75 % of the steps",
        ["loss"] = "mean cross-entropy",
        ["training_type"] = "Float32",
    };

    private void Validate(SkipUnit unit)
    {
        if (!Table.Networks.Contains(unit.Network))
            throw new ArgumentException(
                $"{Table.Command} has no network '{unit.Network}'; nearest: {NearestNames.Text(unit.Network, Table.Networks)}.");
        if (unit.Activation is not ("sigmoid" or "softplus"))
            throw new ArgumentException($"--activations must list sigmoid, softplus; got '{unit.Activation}'.");
        if (unit.Variant == SkipVariant.Plain) return;
        int pool = PoolOf(CreateNetwork(unit)).Count;
        if (Connections > pool)
            throw new ArgumentException($"--connections {Connections}: {unit.Network} has {pool} neurons to draw from; ask for at most {pool}.");
    }

    private static JsonArray List(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);
}
