using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CudaLandscape.Experiments.Tests;

/// <summary>The built program as a child process.</summary>
internal sealed partial class ChildProgram : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private readonly BlockingCollection<string> _lines = [];
    private readonly List<string> _seen = [];
    private readonly Process _process;

    public ChildProgram(IReadOnlyDictionary<string, string?> variables, params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "cudalandscape.dll");
        ProcessStartInfo start = new("dotnet", ["exec", program, .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach ((string name, string? value) in variables) start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, e) => Output += e.Data + "\n";
        _process.ErrorDataReceived += (_, e) =>
        {
            if (e.Data is null) _lines.CompleteAdding();
            else _lines.Add(e.Data);
        };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>Standard output, complete after <see cref="WaitForExit"/>.</summary>
    public string Output { get; private set; } = "";

    /// <summary>Standard error as far as it was waited for.</summary>
    public string Errors => string.Join('\n', _seen);

    /// <summary>Reads standard error until a line begins with a text.</summary>
    public void WaitForLine(string beginning)
    {
        while (_lines.TryTake(out string? line, s_patience))
        {
            _seen.Add(line);
            if (line.StartsWith(beginning, StringComparison.Ordinal)) return;
        }

        Assert.Fail($"no line '{beginning}…' in:\n{Errors}");
    }

    /// <summary>Sends a signal; at once, since the program does not wait for it.</summary>
    public void Signal(string name)
    {
        int number = name switch { "INT" => 2, "USR1" => 10, "TERM" => 15, _ => throw new ArgumentException($"name must be INT, USR1 or TERM, got {name}") };
        Assert.Equal(0, Kill(_process.Id, number));
    }

    /// <summary>Ends the program with SIGKILL after a time; false when it was faster.</summary>
    public bool KillAfter(TimeSpan time)
    {
        if (_process.WaitForExit(time)) return false;
        _process.Kill();
        WaitForExit();
        return true;
    }

    /// <summary>The exit code.</summary>
    public int WaitForExit()
    {
        while (_lines.TryTake(out string? line, s_patience)) _seen.Add(line);
        Assert.True(_process.WaitForExit(s_patience), $"the program did not end:\n{Errors}");
        _process.WaitForExit();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
        _lines.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
