using System.Text.Json.Nodes;

namespace CudaLandscape.Experiments.Tests;

/// <summary>A folder for the run folders of one test, removed afterwards.</summary>
public sealed class ScratchFolder : IDisposable
{
    private const string MemoryDisk = "/dev/shm";

    /// <summary>In memory where the system offers it: run folders are brought to disk at every change.</summary>
    public string Root { get; } = Directory.Exists(MemoryDisk)
        ? Directory.CreateDirectory(Path.Combine(MemoryDisk, $"cudalandscape-runs-{Guid.NewGuid():N}")).FullName
        : Directory.CreateTempSubdirectory("cudalandscape-runs-").FullName;

    /// <summary>The only run folder there is; one that a kill left empty is none.</summary>
    public string Run => Assert.Single(Directory.GetDirectories(Root), f => File.Exists(Path.Combine(f, "run.json")));

    public string Read(string name) => File.ReadAllText(Path.Combine(Run, name));

    public JsonNode RunJson() => JsonNode.Parse(Read("run.json"))!;

    public MetricsCsv Metrics() => MetricsCsv.Parse(Read("metrics.csv"));

    /// <summary>Copies all that is in it to another.</summary>
    public void CopyTo(ScratchFolder target)
    {
        foreach (string file in Directory.GetFiles(Root, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target.Root, Path.GetRelativePath(Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
