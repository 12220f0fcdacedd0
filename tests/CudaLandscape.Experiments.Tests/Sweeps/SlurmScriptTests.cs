using System.Diagnostics;
using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Sweeps;

namespace CudaLandscape.Experiments.Tests.Sweeps;

/// <summary>
/// The script for sbatch, run by bash with programs of our own in place of dotnet and scontrol: what it hands on and when it asks to be
/// requeued. <c>tests/slurm</c> runs it on a real Slurm.
/// </summary>
public sealed class SlurmScriptTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(new[] { 0 }, "0")]
    [InlineData(new[] { 0, 1, 2, 3 }, "0-3")]
    [InlineData(new[] { 1, 3, 4, 7, 8, 9 }, "1,3-4,7-9")]
    public void Indices_are_written_as_ranges(int[] indices, string expected) => Assert.Equal(expected, SlurmScript.Ranges(indices));

    [Fact]
    public void It_asks_for_what_was_asked_for()
    {
        string[] lines = Script(gpus: 1, s => s with { Memory = "16G", Time = "1-00:00:00", Partition = "gpu", Parallel = 4, SignalSeconds = 90 }).Split('\n');
        string[] expected =
        [
            "--job-name=sweep", "--array=0,2-3%4", "--gres=gpu:1", "--cpus-per-task=2", "--mem=16G", "--time=1-00:00:00", "--partition=gpu",
            "--requeue", "--signal=B:USR1@90", "--open-mode=append", $"--output='{_folder.Root}/logs/unit_%a.txt'",
        ];
        Assert.Equal("#!/usr/bin/env bash", lines[0]);
        Assert.Equal(expected, lines.Where(l => l.StartsWith("#SBATCH ")).Select(l => l[8..]));
        Assert.Contains(lines, l => l.Contains(" --device cuda:0 "));
        string cpu = Script(gpus: 0);
        Assert.DoesNotContain("gpu", cpu);
        Assert.DoesNotContain("--device", cpu);
        Assert.DoesNotContain("--mem", cpu);
    }

    [SkippableTheory]
    [InlineData(0, "RUNNING", 0, false)]
    [InlineData(6, "RUNNING", 0, false)]
    [InlineData(75, "RUNNING", 9, true)]
    [InlineData(75, "COMPLETING", 0, false)]
    [InlineData(138, "RUNNING", 0, true)]
    [InlineData(137, "RUNNING", 2, true)]
    [InlineData(137, "RUNNING", 3, false)]
    public void It_is_requeued_when_it_was_stopped_or_killed_and_not_cancelled(int code, string state, int restarts, bool requeued)
    {
        (int answer, string[] calls) = Run($"exit {code}", state, restarts);
        Assert.Equal(code, answer);
        Assert.Equal(requeued, calls.Contains("scontrol requeue 123_7"));
        Assert.EndsWith($"cudalandscape.dll sweep one --plan {_folder.Root} --index 7", calls[0]);
    }

    [SkippableTheory]
    [InlineData("USR1")]
    [InlineData("TERM")]
    public void Signals_are_handed_on_to_the_program_whose_answer_counts(string signal)
    {
        // It signals the shell, gets the signal back, and needs a while to save its state.
        (int answer, string[] calls) = Run($"trap 'sleep 0.2; exit 75' {signal}; kill -{signal} $PPID; while :; do sleep 0.01; done", "RUNNING", 0);
        Assert.Equal(75, answer);
        Assert.Contains("scontrol requeue 123_7", calls);
    }

    [SkippableTheory]
    [InlineData("plain/path-1.2_3")]
    [InlineData("it's a \"folder\" $HOME `x`")]
    [InlineData("")]
    public void A_quoted_word_is_that_word_for_the_shell(string word)
    {
        Skip.If(OperatingSystem.IsWindows(), "bash reads the script");
        using Process bash = Process.Start(new ProcessStartInfo("bash", ["-c", $"printf %s {ShellWord.Quote(word)}"]) { RedirectStandardOutput = true })!;
        Assert.Equal(word, bash.StandardOutput.ReadToEnd());
    }

    private string Script(int gpus, Func<SlurmResources, SlurmResources>? change = null)
    {
        SlurmResources resources = new() { Gpus = gpus, Cpus = 2, SignalSeconds = 120 };
        return SlurmScript.Of(_folder.Root, [0, 2, 3], change?.Invoke(resources) ?? resources, null);
    }

    // The script with `dotnet` and `scontrol` found on PATH, both of which write down how they were called.
    private (int Code, string[] Calls) Run(string program, string state, int restarts)
    {
        Skip.If(OperatingSystem.IsWindows(), "bash runs the script");
        string script = Path.Combine(_folder.Root, "script"), calls = Path.Combine(_folder.Root, "calls");
        string host = Path.Combine(_folder.Root, "dotnet");
        WriteProgram(host, $"echo dotnet \"$@\" >> '{calls}'; {program}");
        WriteProgram(Path.Combine(_folder.Root, "scontrol"), $"echo scontrol \"$@\" >> '{calls}'; echo '   JobState={state} Reason=None'");
        string text = Script(gpus: 0);
        string command = Assert.Single(text.Split('\n'), l => l.Contains(" sweep one "));
        File.WriteAllText(script, text.Replace(command, $"dotnet{command[command.IndexOf(' ')..]}"));
        ProcessStartInfo start = new("bash", [script]);
        start.Environment["PATH"] = $"{_folder.Root}:{Environment.GetEnvironmentVariable("PATH")}";
        (start.Environment["SLURM_ARRAY_JOB_ID"], start.Environment["SLURM_ARRAY_TASK_ID"]) = ("123", "7");
        start.Environment["SLURM_RESTART_COUNT"] = $"{restarts}";
        using Process bash = Process.Start(start)!;
        Assert.True(bash.WaitForExit(TimeSpan.FromSeconds(60)), "the script did not end");
        return (bash.ExitCode, File.ReadAllLines(calls));
    }

    private static void WriteProgram(string path, string body)
    {
        File.WriteAllText(path, $"#!/usr/bin/env bash\n{body}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}
