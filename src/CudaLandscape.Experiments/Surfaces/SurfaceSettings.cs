using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Training;
using static CudaLandscape.Experiments.Cli.OptionRange;

namespace CudaLandscape.Experiments.Surfaces;

/// <summary>Settings of a loss surface.</summary>
internal sealed record SurfaceSettings : ExperimentSettings
{
    public required string Network { get; init; }

    public required NetworkOptions NetworkOptions { get; init; }

    /// <summary>File with the parameters in the middle; null for those that <see cref="Initializer"/> draws.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>Files with the parameters at x = 1 and y = 1, for directions between checkpoints.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];

    public required DirectionKind Directions { get; init; }

    /// <summary>1 for a line, 2 for a plane.</summary>
    public required int Dimensions { get; init; }

    /// <summary>Points along each direction.</summary>
    public required int Points { get; init; }

    /// <summary>The first and the last coordinate.</summary>
    public required (double From, double To) Range { get; init; }

    public required int Samples { get; init; }

    public required Objective Loss { get; init; }

    public required Initializer Initializer { get; init; }

    public ulong Seed { get; init; } = 1;

    /// <summary>Steps of Lanczos' iteration, for eigenvectors.</summary>
    public int LanczosSteps { get; init; } = 40;

    /// <summary>The coordinates along each direction.</summary>
    public double[] Grid => [.. Enumerable.Range(0, Points).Select(i => Range.From + (Range.To - Range.From) * i / (Points - 1))];

    /// <summary>The network, without parameters.</summary>
    public GraphModel CreateModel() => NamedNetworks.Create(Network, NetworkOptions);

    /// <summary>The images the network is for.</summary>
    public DataSetKind Kind => CreateModel().InputShape[0] == 1 ? DataSetKind.Mnist : DataSetKind.Cifar10;

    /// <summary>Throws when settings do not go together.</summary>
    /// <exception cref="ArgumentException">The message names the option, what was given and what is expected.</exception>
    public void Validate()
    {
        CreateModel();
        Require(Range.From < Range.To, "--from, --to", "two numbers, the lower first", FormattableString.Invariant($"{Range.From} and {Range.To}"));
        int others = Directions == DirectionKind.Checkpoints ? Dimensions : 0;
        Require(Others.Count == others, "--other", others == 0 ? "left out but with --directions checkpoints" : $"{others} files, one for each direction",
            $"{Others.Count}");
        Require(LanczosSteps >= Dimensions, "--lanczos-steps", $"{Dimensions} or more", LanczosSteps);
    }

    /// <summary>What determines the result; checkpoints by their content.</summary>
    public override JsonObject ToJson() => new()
    {
        ["network"] = Network,
        ["t1"] = NetworkOptions.T1,
        ["conv2"] = $"{NetworkOptions.Conv2}",
        ["bias"] = $"{NetworkOptions.Bias}",
        ["activation"] = NetworkOptions.Activation.Kind,
        ["reading"] = $"{NetworkOptions.Reading}",
        ["downsampling"] = $"{NetworkOptions.Downsampling}",
        ["batch_norm"] = NetworkOptions.BatchNorm,
        ["checkpoint_sha256"] = Checkpoint is null ? null : HashOf(Checkpoint),
        ["others_sha256"] = new JsonArray([.. Others.Select(o => (JsonNode)HashOf(o))]),
        ["init"] = Initializer.ToString(),
        ["directions"] = $"{Directions}".ToLowerInvariant(),
        ["dimensions"] = Dimensions,
        ["points"] = Points,
        ["from"] = Range.From,
        ["to"] = Range.To,
        ["n"] = Samples,
        ["loss"] = $"{Loss}",
        ["lanczos_steps"] = LanczosSteps,
        ["seed"] = Seed,
    };

    private static string HashOf(string path)
    {
        if (!File.Exists(path))
            throw new DataFileException(path, 0, "there is no such checkpoint", "nothing", "a safetensors file", "Name a file that is there.");
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
