using System.CommandLine;
using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;

/// <summary>The command <c>table2</c>: its options, presets and their meaning.</summary>
internal static class Table2Command
{
    private static readonly Option<string> s_preset = Options.Choice("--preset", "quick: N = 1000, T1 = 1,2,3; paper: N = 60000, T1 = 10..100, 2000 epochs, decay 1e-6.", "quick", "paper");
    private static readonly Option<IReadOnlyList<int>?> s_t1 = NumberOption.List("--t1", "Filters of the first layer, as 10,20,30.", Options.Filters, "10,20,30");
    private static readonly Option<int?> s_n = NumberOption.Optional("--n", "Training samples.", NumberRange.Count(1));
    private static readonly Option<int?> s_epochs = NumberOption.Optional("--epochs", "Passes over the training samples.", NumberRange.Count(0));
    private static readonly Option<int> s_batch = NumberOption.WithDefault("--batch", "Samples per step.", NumberRange.Count(1), 128);
    private static readonly Option<double?> s_lr = NumberOption.Optional("--lr", "Adam's learning rate at the first step.", NumberRange.Positive);
    private static readonly Option<double?> s_decay = NumberOption.Optional("--decay", "Keras' decay per step: lr / (1 + decay * steps).", NumberRange.NotNegative);
    private static readonly Option<string> s_noise = Options.Choice("--noise", "Reading of N(0, 1e-5): as variance (sd 3.16e-3), as standard deviation, or one after the other.", "variance", "sd", "both");
    private static readonly Option<string> s_features = Options.Choice("--features", "Precision of the features whose rank is taken; f32 is always shown beside f64.", "both", "f64", "f32");
    private static readonly Option<string> s_weights = Options.Choice("--weights", "Train the network, or take it as initialized (--init normal=0.33 for a scale).", "trained", "random");
    private static readonly Option<string?> s_step = Optional("--step", "Training steps in kernels of their own (where the network has them: 2x2, shared), op by op recorded once and replayed, or op by op.", "fused", "captured", "plain");
    private static readonly Option<string> s_bias = Options.Choice("--bias", "One bias per channel, or one per neuron as Definition 2.1 says.", "shared", "neuron");
    private static readonly Option<string> s_conv2 = Options.Choice("--conv2", "The second convolution, which the paper does not give.", "2x2", "3x3s2");
    private static readonly Option<Initializer> s_init = Options.Init("Initializer", "glorot_uniform");
    private static readonly Option<ulong> s_seed = NumberOption.WithDefault("--seed", "Seed of weights, noise, order and probes.", NumberRange.Seed, 1UL);

    private static readonly Option<double> s_checkpointSeconds = Options.CheckpointSeconds(" A QR that took longer is kept until its rank is there.");

    private static readonly Option<bool> s_together = new("--together")
    {
        Description = "Train the networks of all T1 in the same launches, for a GPU that one of them does not fill; the same results.",
    };

    public static Command Create()
    {
        Command command = new("table2", "ICML'18 Table 2: train the Figure 1 network, then rank and smallest singular value of F1 and F3.")
        {
            s_preset, s_t1, s_n, s_epochs, s_batch, s_lr, s_decay, s_noise, s_features, s_weights, s_step, s_bias, s_conv2, s_init, s_seed,
            s_checkpointSeconds, s_together, RunOptions.Data, RunOptions.Out, RunOptions.Device, RunOptions.New,
        };
        command.SetAction(parsed => (int)ExperimentLaunch.Start(new Table2Experiment(Read(parsed))));
        return command;
    }

    /// <summary>The settings that a command line, kept in a run.json, stands for.</summary>
    /// <exception cref="ArgumentException">This version does not know an option or a value.</exception>
    public static Table2Settings Parse(IReadOnlyList<string> arguments) => RunOptions.Parse(Create(), arguments, Read);

    private static Table2Settings Read(ParseResult p)
    {
        bool paper = p.GetValue(s_preset) == "paper";
        BiasKind bias = p.GetValue(s_bias) == "neuron" ? BiasKind.Neuron : BiasKind.Shared;
        Conv2Choice conv2 = p.GetValue(s_conv2) == "3x3s2" ? Conv2Choice.Kernel3Stride2 : Conv2Choice.Kernel2Stride1;
        Table2Settings settings = RunOptions.Apply(p, new Table2Settings
        {
            Preset = paper ? "paper" : "quick",
            Overridden = Given(p, s_t1, s_n, s_epochs, s_lr, s_decay),
            T1 = p.GetValue(s_t1) ?? (paper ? [10, 20, 30, 40, 50, 60, 70, 80, 89, 100] : [1, 2, 3]),
            Samples = p.GetValue(s_n) ?? (paper ? 60000 : 1000),
            Epochs = p.GetValue(s_epochs) ?? (paper ? 2000 : 100),
            BatchSize = p.GetValue(s_batch),
            Rate = p.GetValue(s_lr) ?? (paper ? 1e-3 : 3e-3),
            Decay = p.GetValue(s_decay) ?? (paper ? 1e-6 : 1e-4),
            Noise = p.GetValue(s_noise) switch
            {
                "both" => [NoiseReading.Variance, NoiseReading.StandardDeviation],
                "sd" => [NoiseReading.StandardDeviation],
                _ => [NoiseReading.Variance],
            },
            Float32Features = p.GetValue(s_features) != "f64",
            Trained = p.GetValue(s_weights) == "trained",
            Step = Enum.TryParse(p.GetValue(s_step), ignoreCase: true, out StepKind step) ? step
                : Table2Settings.HasFusedStep(bias, conv2) ? StepKind.Fused : StepKind.Captured,
            Bias = bias,
            Conv2 = conv2,
            Initializer = p.GetValue(s_init),
            Seed = p.GetValue(s_seed),
            CheckpointSeconds = p.GetValue(s_checkpointSeconds),
            Together = p.GetValue(s_together),
        });
        settings.Validate();
        string[] ofTraining = Given(p, s_epochs, s_batch, s_lr, s_decay, s_step, s_together);
        if (!settings.Trained && ofTraining.Length > 0)
            throw new ArgumentException($"--weights random trains nothing, so that {string.Join(", ", ofTraining)} would mean nothing; leave one or the other out.");
        return settings;
    }

    private static string[] Given(ParseResult p, params Option[] options) =>
        [.. options.Where(option => p.GetResult(option) is { Implicit: false }).Select(option => option.Name)];

    private static Option<string?> Optional(string name, string description, params string[] values)
    {
        Option<string?> option = new(name) { Description = description };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
