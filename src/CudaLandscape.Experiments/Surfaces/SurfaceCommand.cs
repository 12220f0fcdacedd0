using System.CommandLine;
using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Training;

namespace CudaLandscape.Experiments.Surfaces;

/// <summary>The command <c>surface</c>: its options and their meaning.</summary>
internal static class SurfaceCommand
{
    private static readonly Argument<string> s_network = new("NET") { Description = $"Name of the network: {string.Join(", ", NamedNetworks.Names)}." };
    private static readonly Option<string?> s_checkpoint = new("--checkpoint") { Description = "Safetensors file with the parameters in the middle, as RUN/rows/variance_t1-10/last.safetensors; else freshly initialized ones." };
    private static readonly Option<string[]> s_other = new("--other") { Description = "Safetensors file at x = 1, and a second one at y = 1, for --directions checkpoints.", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string> s_directions = Options.Choice("--directions", "random: filter-normalised; eigenvectors: of the Hessian's largest eigenvalues, of length 1; checkpoints: towards those of --other.", "random", "eigenvectors", "checkpoints");
    private static readonly Option<string> s_dimensions = Options.Choice("--dimensions", "A plane or a line.", "2", "1");
    private static readonly Option<int> s_points = NumberOption.WithDefault("--points", "Points along each direction.", NumberRange.From(2, 1001), 21);
    private static readonly Option<double?> s_from = NumberOption.Optional("--from", "First coordinate; -1, or -0.25 between checkpoints, when left out.", NumberRange.Between(-1e100, 1e100));
    private static readonly Option<double?> s_to = NumberOption.Optional("--to", "Last coordinate; 1, or 1.25 between checkpoints, when left out.", NumberRange.Between(-1e100, 1e100));
    private static readonly Option<int> s_n = NumberOption.WithDefault("--n", "Training images, the first of the set.", NumberRange.Count(1), 1000);
    private static readonly Option<string?> s_loss = new("--loss") { Description = "squared (mean over all entries) or cross-entropy; squared for figure1 and cross-entropy for others when left out." };
    private static readonly Option<Initializer> s_init = Options.Init("Initializer without a checkpoint", "glorot_uniform");
    private static readonly Option<int> s_steps = NumberOption.WithDefault("--lanczos-steps", "Hessian-vector products for the eigenvectors.", NumberRange.Count(1), 40);
    private static readonly Option<ulong> s_seed = NumberOption.WithDefault("--seed", "Seed of directions and initial parameters.", NumberRange.Seed, 1UL);

    public static Command Create()
    {
        s_loss.AcceptOnlyFromAmong("squared", "cross-entropy");
        Command command = new(SurfaceExperiment.Title, "The loss of a network on a line or plane through its parameters: table.csv, point by point, and a figure.")
        {
            s_network, s_checkpoint, s_other, s_directions, s_dimensions, s_points, s_from, s_to, s_n, s_loss, s_init, s_steps, s_seed,
            RunOptions.Data, RunOptions.Out, RunOptions.Device, RunOptions.New,
        };
        NetworkCommandOptions.AddTo(command);
        command.SetAction(parsed => (int)ExperimentLaunch.Start(new SurfaceExperiment(Read(parsed))));
        return command;
    }

    /// <summary>The settings that a command line, kept in a run.json, stands for.</summary>
    /// <exception cref="ArgumentException">This version does not know an option or a value.</exception>
    public static SurfaceSettings Parse(IReadOnlyList<string> arguments) => RunOptions.Parse(Create(), arguments, Read);

    private static SurfaceSettings Read(ParseResult p)
    {
        string network = p.GetValue(s_network)!;
        DirectionKind directions = Enum.Parse<DirectionKind>(p.GetValue(s_directions)!, ignoreCase: true);
        double margin = directions == DirectionKind.Checkpoints ? 0.25 : 1;
        SurfaceSettings settings = RunOptions.Apply(p, new SurfaceSettings
        {
            Network = network,
            NetworkOptions = NetworkCommandOptions.Read(p, network),
            Checkpoint = p.GetValue(s_checkpoint) is { } file ? Path.GetFullPath(file) : null,
            Others = [.. (p.GetValue(s_other) ?? []).Select(Path.GetFullPath)],
            Directions = directions,
            Dimensions = p.GetValue(s_dimensions) == "1" ? 1 : 2,
            Points = p.GetValue(s_points),
            Range = (p.GetValue(s_from) ?? -margin, p.GetValue(s_to) ?? (directions == DirectionKind.Checkpoints ? 1 + margin : 1)),
            Samples = p.GetValue(s_n),
            Loss = (p.GetValue(s_loss) ?? (network == "figure1" ? "squared" : "cross-entropy")) == "squared" ? Objective.SquaredLoss : Objective.CrossEntropy,
            Initializer = p.GetValue(s_init),
            LanczosSteps = p.GetValue(s_steps),
            Seed = p.GetValue(s_seed),
        });
        settings.Validate();
        return settings;
    }
}
