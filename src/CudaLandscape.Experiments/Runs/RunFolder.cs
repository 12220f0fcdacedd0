using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CudaLandscape.Interop;

namespace CudaLandscape.Experiments.Runs;

/// <summary>
/// The folder of one run: run.json (settings, origin of everything, status), metrics.csv, table.md, log.txt, and what the
/// experiment keeps to go on after a stop. Files are replaced whole, so that a reader never sees half of one, and one process
/// at a time has the folder.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };
    private readonly Lock _lock = new();
    private readonly RunLock _hold;
    private readonly JsonObject _run;
    private readonly StreamWriter _log;

    private RunFolder(string path, RunLock hold, JsonObject run)
    {
        FullPath = path;
        _hold = hold;
        _run = run;
        _log = new StreamWriter(System.IO.Path.Combine(path, "log.txt"), append: true) { AutoFlush = true };
    }

    public string FullPath { get; }

    /// <summary>Creates <c>out/date_time_experiment_hash</c>, the hash being of the settings.</summary>
    /// <param name="parent">Folder for the run folder.</param>
    /// <param name="experiment">Name of the experiment.</param>
    /// <param name="settings">What determines the result.</param>
    /// <param name="arguments">The command line, for <see cref="Open"/>.</param>
    /// <exception cref="IOException">The folder cannot be made or written; the message names it.</exception>
    public static RunFolder Create(string parent, string experiment, JsonObject settings, params IEnumerable<string> arguments)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd_HHmmss}_{experiment}_{HashOf(settings)[..8]}");
        try
        {
            (string path, RunLock hold) = CreateUnique(parent, name);
            return Begin(path, hold, experiment, settings, arguments);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"--out {parent}: cannot create a run folder there ({e.Message}); name a folder that can be written.", e);
        }
    }

    /// <summary>Opens the folder of a run that is to go on; run.json gets a line on when and by which commit.</summary>
    /// <exception cref="IOException">Another process has it, or it cannot be written.</exception>
    /// <exception cref="Nn.Data.DataFileException">There is no run.json, or it is damaged.</exception>
    public static RunFolder Open(string path)
    {
        string full = System.IO.Path.GetFullPath(path);
        RunRecord.Read(full);
        return GoOn(full, RunLock.Take(full));
    }

    /// <summary>The same with settings that ask for more; run.json keeps the former command line in the line on when and by which commit.</summary>
    public static RunFolder Extend(string path, JsonObject settings, IEnumerable<string> arguments)
    {
        string full = System.IO.Path.GetFullPath(path);
        return GoOn(full, RunLock.Take(full), (run, line) =>
        {
            line["arguments_before"] = run["arguments"]?.DeepClone();
            SetCommand(run, settings, arguments);
        });
    }

    /// <summary>Opens the folder of that very path, which is made where there is none yet.</summary>
    /// <exception cref="IOException">Another process has it, or it cannot be made or written.</exception>
    public static RunFolder OpenOrCreate(string path, string experiment, JsonObject settings, IEnumerable<string> arguments)
    {
        string full = Directory.CreateDirectory(path).FullName;
        RunLock hold = RunLock.Take(full);
        return RunRecord.Find(full) is null ? Begin(full, hold, experiment, settings, arguments) : GoOn(full, hold);
    }

    /// <summary>SHA-256 of settings, lower-case hex.</summary>
    public static string HashOf(JsonObject settings) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(settings.ToJsonString())));

    /// <summary>Path of a file or folder in it.</summary>
    public string Path(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([FullPath, .. parts]);

    /// <summary>A field of run.json, or null.</summary>
    public JsonNode? Get(string name)
    {
        lock (_lock) return _run[name]?.DeepClone();
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
            _run["ended"] = Text(DateTime.UtcNow);
            if (reason is not null) _run["reason"] = reason;
            Save();
        }
    }

    /// <summary>The same after a failure, which may be that nothing can be written: that is said and does not hide the failure.</summary>
    public void TrySetStatus(RunStatus status, string? reason = null)
    {
        try
        {
            SetStatus(status, reason);
        }
        catch (IOException e)
        {
            Console.Error.WriteLine($"warning: the status '{status}' is not in run.json: {e.Message}");
        }
    }

    /// <summary>Writes a line to log.txt and to standard error.</summary>
    public void Log(string line)
    {
        Console.Error.WriteLine(line);
        try
        {
            lock (_lock) _log.WriteLine(line);
        }
        catch (IOException e)
        {
            Console.Error.WriteLine($"warning: that line is not in log.txt: {e.Message}");
        }
    }

    /// <summary>Replaces a file of the folder.</summary>
    /// <exception cref="IOException">It cannot be written; the message names it, and the former content is still there.</exception>
    public void Write(string name, string text)
    {
        lock (_lock) DurableFile.Replace(Path(name), stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }

    public void Dispose()
    {
        try
        {
            _log.Dispose();
        }
        catch (IOException)
        {
            // A line that could not be written has been reported; it must not hide the failure on the way out.
        }

        _hold.Dispose();
    }

    private static (string Path, RunLock Hold) CreateUnique(string parent, string name)
    {
        for (int attempt = 1; ; attempt++)
        {
            string path = System.IO.Path.GetFullPath(System.IO.Path.Combine(parent, attempt == 1 ? name : $"{name}-{attempt}"));
            if (!Directory.Exists(path) && RunLock.TryClaim(path) is { } hold) return (path, hold);
        }
    }

    private static string Text(DateTime time) => time.ToString("O", CultureInfo.InvariantCulture);

    private static RunFolder Begin(string path, RunLock hold, string experiment, JsonObject settings, IEnumerable<string> arguments)
    {
        JsonObject run = new()
        {
            ["experiment"] = experiment,
            ["format"] = RunRecord.Format,
            ["status"] = "running",
            ["started"] = Text(DateTime.UtcNow),
            ["version"] = BuildInfo.Version,
            ["commit"] = BuildInfo.Commit,
            ["host"] = Environment.MachineName,
        };
        SetCommand(run, settings, arguments);
        RunFolder folder = new(path, hold, run);
        folder.Save();
        return folder;
    }

    private static void SetCommand(JsonObject run, JsonObject settings, IEnumerable<string> arguments)
    {
        run["arguments"] = new JsonArray([.. arguments.Select(a => (JsonNode)a)]);
        run["settings"] = settings.DeepClone();
        run["settings_sha256"] = HashOf(settings);
    }

    private static RunFolder GoOn(string path, RunLock hold, Action<JsonObject, JsonObject>? change = null)
    {
        DurableFile.RemoveLeftovers(path);
        RunFolder folder = new(path, hold, RunRecord.Read(path).Json);
        folder.GoOn(change);
        return folder;
    }

    // A change gets run.json and the line on this process in it.
    private void GoOn(Action<JsonObject, JsonObject>? change)
    {
        _run["format"] = RunRecord.Format;
        _run["status"] = "running";
        _run.Remove("ended");
        _run.Remove("reason");
        if (_run["resumed"] is not JsonArray resumed) _run["resumed"] = resumed = [];
        JsonObject line = new()
        {
            ["at"] = Text(DateTime.UtcNow),
            ["version"] = BuildInfo.Version,
            ["commit"] = BuildInfo.Commit,
            ["host"] = Environment.MachineName,
        };
        resumed.Add(line);
        change?.Invoke(_run, line);
        Save();
    }

    private void Save() => Write("run.json", _run.ToJsonString(s_indented) + "\n");
}
