using System.Text.Json.Nodes;

namespace CudaLandscape.Experiments.Runs;

/// <summary>What the settings of every experiment have.</summary>
internal abstract record ExperimentSettings
{
    /// <summary>Folder with the data as it was named; null for what the environment or the cache has, or procedural images.</summary>
    public string? Data { get; init; }

    /// <summary>Folder for the run folder.</summary>
    public string Out { get; init; } = "runs";

    /// <summary>Name of the device, or null for the machine's.</summary>
    public string? Device { get; init; }

    /// <summary>Begins another run even where one with these settings is done or unfinished.</summary>
    public bool StartsAnew { get; init; }

    /// <summary>The command line these settings were read from.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The settings that determine the result, for run.json and its hash.</summary>
    public abstract JsonObject ToJson();
}
