using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CudaLandscape.Experiments.Runs;

/// <summary>
/// The folder of one run: run.json (settings, origin of everything, status), metrics.csv, table.md, log.txt. Files are replaced
/// whole, so that a reader never sees half of one.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };
    private readonly Lock _lock = new();
    private readonly JsonObject _run;
    private readonly StreamWriter _log;

    private RunFolder(string path, FileStream log, JsonObject run)
    {
        FullPath = path;
        _run = run;
        _log = new StreamWriter(log) { AutoFlush = true };
    }

    public string FullPath { get; }

    /// <summary>Creates <c>out/date_time_experiment_hash</c>, the hash being of the settings.</summary>
    /// <exception cref="IOException">The folder cannot be made or written; the message names it.</exception>
    public static RunFolder Create(string parent, string experiment, JsonObject settings)
    {
        string json = settings.ToJsonString();
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)));
        DateTime now = DateTime.UtcNow;
        string name = string.Create(CultureInfo.InvariantCulture, $"{now:yyyy-MM-dd_HHmmss}_{experiment}_{hash[..8]}");
        JsonObject run = new()
        {
            ["experiment"] = experiment,
            ["status"] = "running",
            ["started"] = now.ToString("O", CultureInfo.InvariantCulture),
            ["version"] = BuildInfo.Version,
            ["commit"] = BuildInfo.Commit,
            ["host"] = Environment.MachineName,
            ["settings"] = settings.DeepClone(),
            ["settings_sha256"] = hash,
        };
        try
        {
            (string path, FileStream log) = CreateUnique(parent, name);
            RunFolder folder = new(path, log, run);
            folder.Save();
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"--out {parent}: cannot create a run folder there ({e.Message}); name a folder that can be written.", e);
        }
    }

    /// <summary>Sets a field of run.json.</summary>
    public void Set(string name, JsonNode? value)
    {
        lock (_lock)
        {
            _run[name] = value;
            Save();
        }
    }

    public void SetStatus(RunStatus status, string? reason = null)
    {
        lock (_lock)
        {
            _run["status"] = status.ToString().ToLowerInvariant();
            _run["ended"] = DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture);
            if (reason is not null) _run["reason"] = reason;
            Save();
        }
    }

    /// <summary>Writes a line to log.txt and to standard error.</summary>
    public void Log(string line)
    {
        Console.Error.WriteLine(line);
        lock (_lock) _log.WriteLine(line);
    }

    /// <summary>Replaces a file of the folder.</summary>
    public void Write(string name, string text)
    {
        string target = System.IO.Path.Combine(FullPath, name);
        lock (_lock)
        {
            File.WriteAllText(target + ".part", text);
            File.Move(target + ".part", target, overwrite: true);
        }
    }

    public void Dispose() => _log.Dispose();

    private static (string Path, FileStream Log) CreateUnique(string parent, string name)
    {
        for (int attempt = 1; ; attempt++)
        {
            string path = System.IO.Path.GetFullPath(System.IO.Path.Combine(parent, attempt == 1 ? name : $"{name}-{attempt}"));
            if (!Directory.Exists(path) && TryClaim(path) is { } log) return (path, log);
        }
    }

    // Of several that make the folder at once, none is told that it exists; the one that makes the log in it has it.
    private static FileStream? TryClaim(string path)
    {
        Directory.CreateDirectory(path);
        string log = System.IO.Path.Combine(path, "log.txt");
        try
        {
            return new FileStream(log, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        }
        catch (IOException) when (File.Exists(log))
        {
            return null;
        }
    }

    private void Save() => Write("run.json", _run.ToJsonString(s_indented) + "\n");
}
