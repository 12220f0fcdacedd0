using System.CommandLine;
using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;

namespace CudaLandscape.Experiments.Papers.NguyenMukkamalaHein2019NoBadLocalValleys;

/// <summary>The commands <c>iclr19-table1</c> and <c>iclr19-table2</c>: options, presets and their meaning.</summary>
internal sealed class SkipCommand
{
    private static readonly SkipCommand s_one = new(SkipTable.One), s_two = new(SkipTable.Two);
    private readonly SkipTable _table;
    private readonly Option<string> _preset, _networks, _augmentation;
    private readonly Option<string> _variants = new("--variants") { Description = "plain, skip-sgd, skip-rand, skip-exact, as a list; the paper's when left out.", DefaultValueFactory = _ => "" };
    private readonly Option<string> _activations = new("--activations") { Description = "sigmoid, softplus (alpha = 20), as a list.", DefaultValueFactory = _ => "sigmoid,softplus" };
    private readonly Option<IReadOnlyList<ulong>?> _seeds = NumberOption.List("--seeds", "Seeds of the draws, as 1,2,3; plain networks train with the first.", NumberRange.Seed, "1,2,3");
    private readonly Option<int?> _n = NumberOption.Optional("--n", "Training samples, the first of the set.", NumberRange.Count(1));
    private readonly Option<int?> _test = NumberOption.Optional("--test", "Test samples, the first of the set; all when left out.", NumberRange.Count(1));
    private readonly Option<int?> _connections = NumberOption.Optional("--connections", "Neurons drawn and connected to every output; as many as training samples when left out.", NumberRange.Count(1));
    private readonly Option<int?> _epochs = NumberOption.Optional("--epochs", "Passes over the training samples.", NumberRange.Count(1));
    private readonly Option<int> _batch = NumberOption.WithDefault("--batch", "Samples per step, which the paper does not give.", NumberRange.Count(1), 64);
    private readonly Option<double?> _lr = NumberOption.Optional("--lr", "Learning rate of the first half; else 0.1 for densenet121 and 0.01 for the others.", NumberRange.Positive);
    private readonly Option<double> _momentum = NumberOption.WithDefault("--momentum", "Nesterov's momentum, which the paper does not give.", NumberRange.Fraction, 0.9);
    private readonly Option<Initializer> _init = Options.Init("Initializer of U and V", "he_normal");
    private readonly Option<string> _reading = Options.Choice("--reading", "cnn13: 179,840 hidden neurons as the text says, or 204,928 as its table adds up.", "text", "table");
    private readonly Option<string> _downsampling = Options.Choice("--downsampling", "vgg: max-pooling, or convolutions with stride 2 in its place.", "pool", "conv");
    private readonly Option<bool> _batchNorm = new("--batch-norm") { Description = "vgg: batch normalisation." };
    private readonly Option<double> _neuronGb = NumberOption.WithDefault("--neuron-gb", "Device memory for the neurons of a frozen U; more are computed anew for every batch.", NumberRange.Between(0, 1e6), 4);
    private readonly Option<double> _checkpointSeconds = Options.CheckpointSeconds();

    private SkipCommand(SkipTable table)
    {
        _table = table;
        _preset = Options.Choice("--preset", $"quick: 100 samples, 1 epoch, 2 draws; paper: N = {table.Samples}, {SkipTable.Epochs} epochs, 8 draws.", "quick", "paper");
        _networks = new("--nets") { Description = $"{string.Join(", ", table.Networks)}, as a list; all of them in the preset paper.", DefaultValueFactory = _ => "" };
        _augmentation = Options.Choice("--augmentation", "Without and with random crops and flips.", table.HasAugmentation ? ["off", "on", "both"] : ["off"]);
    }

    /// <summary>Name and values of the options of a command line that it gives itself.</summary>
    public static IEnumerable<string> Given(ParseResult parsed, IEnumerable<Option> options) =>
        from option in options
        let result = parsed.GetResult(option)
        where result is { Implicit: false }
        from text in result.Tokens.Select(t => t.Value).Prepend(option.Name)
        select text;

    /// <summary>The options that choose trainings but for network and augmentation, which are the table's own.</summary>
    public IReadOnlyList<Option> Choices => [_variants, _activations, _seeds];

    /// <summary>The options that say how each training is done.</summary>
    public IReadOnlyList<Option> Details =>
    [
        _n, _test, _connections, _epochs, _batch, _lr, _momentum, _init, _reading, _downsampling, _batchNorm, _neuronGb, _checkpointSeconds,
    ];

    /// <summary>The command of a table.</summary>
    public static SkipCommand Of(SkipTable table) => table == SkipTable.One ? s_one : s_two;

    public Command Create()
    {
        Command command = new(_table.Command, $"{_table.Title}: networks with and without skip connections to the output; test accuracy beside the paper's.");
        foreach (Option option in (IEnumerable<Option>)[_preset, _networks, _augmentation, .. Choices, .. Details, RunOptions.Data, RunOptions.Out, RunOptions.Device, RunOptions.New])
            command.Options.Add(option);
        command.SetAction(parsed => (int)ExperimentLaunch.Start(new SkipExperiment(Read(parsed))));
        return command;
    }

    /// <summary>The settings that a command line, kept in a run.json, stands for.</summary>
    /// <exception cref="ArgumentException">This version does not know an option or a value.</exception>
    public SkipSettings Parse(IReadOnlyList<string> arguments) => RunOptions.Parse(Create(), arguments, Read);

    /// <summary>The settings and the command line of one unit alone.</summary>
    public SkipSettings Only(SkipSettings settings, SkipUnit unit)
    {
        IEnumerable<string> details = Given(Create().Parse(settings.Arguments), [_preset, .. Details]);
        SkipSettings only = Parse(
        [
            .. details, "--nets", unit.Network, "--variants", SkipUnit.NameOf(unit.Variant), "--activations", unit.Activation,
            "--augmentation", unit.Augmented ? "on" : "off", "--seeds", $"{unit.Seed}",
        ]);
        return only with { Data = settings.Data, Out = settings.Out, Device = settings.Device };
    }

    private SkipSettings Read(ParseResult p)
    {
        bool paper = p.GetValue(_preset) == "paper";
        int samples = p.GetValue(_n) ?? (paper ? _table.Samples : 100);
        string networks = p.GetValue(_networks)!, variants = p.GetValue(_variants)!;
        SkipSettings settings = RunOptions.Apply(p, new SkipSettings
        {
            Table = _table,
            Preset = paper ? "paper" : "quick",
            Networks = networks.Length > 0 ? networks.Split(',') : paper ? _table.Networks : _table.Networks.Take(1).ToArray(),
            Variants = variants.Length > 0 ? [.. variants.Split(',').Select(SkipUnit.VariantOf)]
                : _table == SkipTable.One ? [SkipVariant.Plain, SkipVariant.SkipSgd]
                : [SkipVariant.Plain, SkipVariant.SkipRand, SkipVariant.SkipSgd],
            Activations = p.GetValue(_activations)!.Split(','),
            Augmentations = p.GetValue(_augmentation) switch { "both" => [false, true], "on" => [true], _ => [false] },
            Seeds = p.GetValue(_seeds) ?? (paper ? [1, 2, 3, 4, 5, 6, 7, 8] : [1, 2]),
            Samples = samples,
            TestSamples = p.GetValue(_test) ?? (paper ? null : 200),
            Connections = p.GetValue(_connections) ?? samples,
            Epochs = p.GetValue(_epochs) ?? (paper ? SkipTable.Epochs : 1),
            BatchSize = p.GetValue(_batch),
            Rate = p.GetValue(_lr),
            Momentum = p.GetValue(_momentum),
            Initializer = p.GetValue(_init),
            Reading = p.GetValue(_reading) == "table" ? Cnn13Reading.Table : Cnn13Reading.Text,
            Downsampling = p.GetValue(_downsampling) == "conv" ? VggDownsampling.StridedConvolution : VggDownsampling.MaxPool,
            BatchNorm = p.GetValue(_batchNorm),
            NeuronBytes = (long)(p.GetValue(_neuronGb) * 1e9),
            CheckpointSeconds = p.GetValue(_checkpointSeconds),
        });
        settings.Validate();
        return settings;
    }
}
