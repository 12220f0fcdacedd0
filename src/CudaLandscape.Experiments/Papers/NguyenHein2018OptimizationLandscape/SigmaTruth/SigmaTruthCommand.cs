using System.CommandLine;
using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Runs;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape.SigmaTruth;

/// <summary>The command <c>sigma-truth</c>: its options, presets and their meaning.</summary>
internal static class SigmaTruthCommand
{
    private static readonly Dictionary<string, FeatureKind> s_kinds =
        Enum.GetValues<FeatureKind>().ToDictionary(kind => kind.ToString().ToLowerInvariant());

    private static readonly Option<string> s_preset = Options.Choice("--preset", "quick: N = 2028, 20 epochs; paper: N = 4000 and 10000, 300 epochs.", "quick", "paper");
    private static readonly Option<IReadOnlyList<int>?> s_n = NumberOption.List("--n", "Numbers of training images, as 4000,10000; the first ones are taken.", NumberRange.Count(2), "4000,10000");
    private static readonly Option<IReadOnlyList<int>?> s_t1 = NumberOption.List("--t1", "Filters of the first layer, as 4,5,6; else those with n1 / N near 1/3, 2/3, 5/6, 19/20, 1, 13/12, 7/6.", Options.Filters, "4,5,6");
    private static readonly Option<IReadOnlyList<double>?> s_scales = NumberOption.List("--weight-scales", "Standard deviations of random weights and biases, 0.33,1 when left out; none for no random network.", NumberRange.Positive, "0.33,1 (or none)", "none");
    private static readonly Option<int?> s_epochs = NumberOption.Optional("--epochs", "Trains a network for every cell, that many epochs on its images; 0 for none.", NumberRange.Count(0));
    private static readonly Option<string?> s_trained = new("--trained") { Description = "Folder of a run of table2 whose trained networks are taken instead." };
    private static readonly Option<string> s_noise = Options.Choice("--noise", "Reading of N(0, 1e-5): one after the other, as variance (sd 3.16e-3), or as standard deviation.", "both", "variance", "sd");
    private static readonly Option<string> s_features = new("--features") { Description = "float64, and of stored (float64 rounded to float32), float32, gaussian (float64 plus noise as large as float32's error) those wanted.", DefaultValueFactory = _ => "float64,stored,float32,gaussian" };
    private static readonly Option<ulong> s_seed = NumberOption.WithDefault("--seed", "Seed of weights, noise, order and probes.", NumberRange.Seed, 1UL);

    public static Command Create()
    {
        Command command = new("sigma-truth", "Smallest singular value and rank of F1 from float64, float32 and float32-stored features, beside the noise floor and ICML'18 Table 2.")
        {
            s_preset, s_n, s_t1, s_scales, s_epochs, s_trained, s_noise, s_features, s_seed, RunOptions.Data, RunOptions.Out, RunOptions.Device, RunOptions.New,
        };
        command.SetAction(parsed => (int)ExperimentLaunch.Start(new SigmaTruthExperiment(Read(parsed))));
        return command;
    }

    /// <summary>The settings that a command line, kept in a run.json, stands for.</summary>
    /// <exception cref="ArgumentException">This version does not know an option or a value.</exception>
    public static SigmaTruthSettings Parse(IReadOnlyList<string> arguments) => RunOptions.Parse(Create(), arguments, Read);

    private static SigmaTruthSettings Read(ParseResult p)
    {
        bool paper = p.GetValue(s_preset) == "paper";
        if (p.GetValue(s_trained) is not null && p.GetValue(s_epochs) is not null)
            throw new ArgumentException("--trained takes networks that are trained already; leave --epochs out.");
        TrainedRun? trained = p.GetValue(s_trained) is { } run ? TrainedRun.Open(run) : null;
        SigmaTruthSettings settings = RunOptions.Apply(p, new SigmaTruthSettings
        {
            Preset = paper ? "paper" : "quick",
            Samples = p.GetValue(s_n) ?? (paper ? [4000, 10000] : [2028]),
            T1 = p.GetValue(s_t1) ?? [],
            Scales = p.GetValue(s_scales) ?? [0.33, 1],
            Epochs = trained is not null ? 0 : p.GetValue(s_epochs) ?? (paper ? 300 : 20),
            Trained = trained,
            Noise = p.GetValue(s_noise) switch
            {
                "sd" => [NoiseReading.StandardDeviation],
                "variance" => [NoiseReading.Variance],
                _ => [NoiseReading.StandardDeviation, NoiseReading.Variance],
            },
            Features = [.. p.GetValue(s_features)!.Split(',').Select(KindOf)],
            Seed = p.GetValue(s_seed),
        });
        settings.Validate();
        return settings;
    }

    private static FeatureKind KindOf(string name) => s_kinds.TryGetValue(name, out FeatureKind kind) ? kind
        : throw new ArgumentException($"--features expects a list of {string.Join(", ", s_kinds.Keys)}; got '{name}'.");
}
