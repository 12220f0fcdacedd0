using System.Globalization;
using System.Text.RegularExpressions;
using CudaLandscape.Experiments.Cli;

namespace CudaLandscape.Experiments.Tests.Sweeps;

/// <summary>A unit that gets the signals of a job scheduler.</summary>
[Collection("device")]
public sealed class StoppedUnitTests : IDisposable
{
    private const string Unit = "cnn13_skip-rand_sigmoid_seed1";
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // More epochs than anyone waits for, of a few short steps each.
    [SkippableFact]
    public void It_answers_75_with_its_state_saved_and_goes_on_from_there_and_no_other_process_comes_between()
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are sent with kill");
        Assert.Equal(0, Session.Run(
            "sweep", "plan", "--out", _folder.Root, "--nets", "cnn13", "--variants", "skip-rand", "--activations", "sigmoid", "--seeds", "1",
            "--n", "20", "--test", "10", "--batch", "8", "--epochs", "10000000").Code);
        string first = Stop("USR1", $"{Unit}: epoch 1 of ");
        Assert.DoesNotContain("going on", first);
        string second = Stop("TERM", $"{Unit}: going on from a checkpoint: ");
        Match place = Regex.Match(second, "going on from a checkpoint: epoch (\\d+), sample");
        Assert.True(int.Parse(place.Groups[1].Value, CultureInfo.InvariantCulture) > 1, second);
        Session collected = Session.Run("sweep", "collect", "--plan", _folder.Root);
        Assert.Contains("0 of 1 units done, 1 begun", collected.Errors);
        Assert.Contains($"{Unit}: not finished; the run in {Run} is interrupted: SIGTERM", File.ReadAllText(Path.Combine(_folder.Root, "iclr19-table1", "table.md")));
    }

    private string Run => Path.Combine(_folder.Root, "runs", Unit);

    private string Stop(string signal, string line)
    {
        using ChildProgram program = new(new Dictionary<string, string?>(), "sweep", "one", "--plan", _folder.Root, "--index", "0");
        program.WaitForLine(line);
        Session other = Session.Run("sweep", "one", "--plan", _folder.Root, "--index", "0");
        Assert.Equal((int)ExitCode.Usage, other.Code);
        Assert.Contains($"{Run} cannot be used: another process is at work on it", other.Errors);
        program.Signal(signal);
        Assert.Equal((int)ExitCode.Preempted, program.WaitForExit());
        return program.Errors;
    }
}
