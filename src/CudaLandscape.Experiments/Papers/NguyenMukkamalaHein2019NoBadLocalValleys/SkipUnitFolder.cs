using System.Text.Json;
using System.Text.Json.Nodes;
using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Nn.Checkpoints;
using CudaLandscape.Nn.Data;

namespace CudaLandscape.Experiments.Papers.NguyenMukkamalaHein2019NoBadLocalValleys;

/// <summary>
/// What a run keeps of one unit, in <c>units/name</c>: unit.json (what was measured), epochs.csv (the losses) and the checkpoints.
/// </summary>
internal sealed class SkipUnitFolder(RunFolder run, SkipUnit unit)
{
    private readonly string _name = NameOf(unit);

    /// <summary>What a run keeps of a unit, read without holding the run's folder; null when nothing was measured yet.</summary>
    /// <exception cref="DataFileException">The file is damaged.</exception>
    public static SkipResult? ReadOf(RunRecord run, SkipUnit unit)
    {
        string path = PathIn(run.Folder, unit);
        try
        {
            return Read(path);
        }
        catch (JsonException e)
        {
            throw new DataFileException(
                path, 0, "this is not the result of a unit", e.Message, "a unit.json that this program wrote",
                $"{ProgramName.Command("resume", run.Folder)} measures it again.", e);
        }
    }

    /// <summary>What was measured before; an empty result when there is nothing, or it is damaged.</summary>
    public SkipResult Load()
    {
        SkipResult? result = null;
        try
        {
            result = Read(PathIn(run.FullPath, unit));
        }
        catch (JsonException e)
        {
            run.Log($"warning: {PathIn(run.FullPath, unit)} is damaged ({e.Message}); what it held is measured again.");
        }

        return result ?? new SkipResult { Unit = unit.Name };
    }

    public void Save(SkipResult result)
    {
        Directory.CreateDirectory(run.Path(_name));
        run.Write($"{_name}/unit.json", result.ToJson());
    }

    /// <summary>The losses of the epochs.</summary>
    public AppendedTable OpenEpochs()
    {
        Directory.CreateDirectory(run.Path(_name));
        return new AppendedTable(run.Path(_name, "epochs.csv"), "epoch", "loss", "seconds");
    }

    /// <summary>The checkpoints, which fit these settings, this network and these images only.</summary>
    public CheckpointFolder Checkpoints(SkipSettings settings, string network, string trainSha256)
    {
        Dictionary<string, string> identity = new(StringComparer.Ordinal)
        {
            ["unit"] = unit.Name,
            ["network"] = network,
            ["training set (SHA-256)"] = trainSha256,
        };
        foreach ((string name, JsonNode? value) in settings.ToJson()) identity.Add(name, value?.ToJsonString() ?? "null");
        return new CheckpointFolder(run.Path(_name), identity, run.Log);
    }

    private static string NameOf(SkipUnit unit) => $"units/{unit.Name}";

    private static string PathIn(string folder, SkipUnit unit) => Path.Combine(folder, NameOf(unit), "unit.json");

    private static SkipResult? Read(string path) => File.Exists(path) ? SkipResult.FromJson(File.ReadAllText(path)) : null;
}
