using CudaLandscape.Experiments.Cli;

namespace CudaLandscape.Experiments.Tests.Table2;

/// <summary>Runs that are stopped by real signals at some moment and taken up: the results are those of one never stopped.</summary>
[Collection("device")]
public sealed class ResumedRunTests(ResumedRunTests.WholeRun whole) : IClassFixture<ResumedRunTests.WholeRun>, IDisposable
{
    private static readonly Dictionary<string, string?> s_variables = [];
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void A_signal_to_stop_is_answered_with_75_and_the_run_goes_on_to_the_same_bits()
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are sent with kill");
        Stop("TERM", "T1 = 1: epoch 1 of");
        Stop("USR1", "T1 = 2: epoch 1 of");
        Session last = Session.Run("resume", _folder.Run);
        Assert.Equal(0, last.Code);
        Assert.Contains("T1 = 1, noise variance: done before", last.Errors);
        // On a busy machine the training may end before the signal is seen.
        Assert.Matches("T1 = 2: (going on from a checkpoint: epoch |trained before)", last.Errors);
        Assert.Equal("done", (string?)_folder.RunJson()["status"]);
        Assert.Null(_folder.RunJson()["reason"]);
        Assert.Equal(2, _folder.RunJson()["resumed"]!.AsArray().Count);
        Assert.Equal(RunOutcome.Of(whole.Folder), RunOutcome.Of(_folder));
    }

    [SkippableFact]
    public void Killed_at_some_moments_and_started_again_by_the_same_command_it_ends_with_the_same_bits()
    {
        Skip.If(OperatingSystem.IsWindows(), "the program is killed with SIGKILL");
        Random random = new(7);
        for (int kill = 0; kill < 3; kill++)
        {
            using ChildProgram program = new(s_variables, [.. Arguments(_folder), "--checkpoint-seconds", "0"]);
            if (!program.KillAfter(TimeSpan.FromSeconds(0.4 + 0.6 * random.NextDouble()))) break;
        }

        using ChildProgram last = new(s_variables, Arguments(_folder));
        Assert.Equal(0, last.WaitForExit());
        Assert.Equal(RunOutcome.Of(whole.Folder), RunOutcome.Of(_folder));
    }

    [Fact]
    public void A_run_that_is_done_is_shown_and_not_repeated_unless_a_new_one_is_asked_for()
    {
        string before = whole.Folder.Read("run.json"), name = Path.GetFileName(whole.Folder.Run);
        foreach (string[] arguments in (string[][])[Arguments(whole.Folder), ["resume", whole.Folder.Run]])
        {
            Session again = Session.Run(arguments);
            Assert.Equal(0, again.Code);
            Assert.Contains("already done: ", again.Errors);
            Assert.Contains(name, again.Errors);
        }

        Assert.Equal(before, whole.Folder.Read("run.json"));
        Assert.Equal(0, Session.Run(["table2", "--n", "20", "--t1", "1", "--epochs", "0", "--features", "f64", "--out", _folder.Root]).Code);
        Assert.Equal(0, Session.Run(["table2", "--n", "20", "--t1", "1", "--epochs", "0", "--features", "f64", "--new", "--out", _folder.Root]).Code);
        Assert.Equal(2, Directory.GetDirectories(_folder.Root).Length);
    }

    private void Stop(string signal, string line)
    {
        using ChildProgram program = new(s_variables, Arguments(_folder));
        program.WaitForLine(line);
        program.Signal(signal);
        Assert.Equal((int)ExitCode.Preempted, program.WaitForExit());
        Assert.Equal(("interrupted", $"SIG{signal}"), ((string?)_folder.RunJson()["status"], (string?)_folder.RunJson()["reason"]));
        Assert.Contains($" resume {_folder.Run}`", program.Errors);
    }

    /// <summary>The run that was never stopped.</summary>
    public sealed class WholeRun : IDisposable
    {
        public WholeRun() => Assert.Equal(0, Session.Run(Arguments(Folder)).Code);

        public ScratchFolder Folder { get; } = new();

        public void Dispose() => Folder.Dispose();
    }

    internal static string[] Arguments(ScratchFolder folder) =>
        ["table2", "--n", "100", "--t1", "1,2", "--epochs", "200", "--batch", "16", "--step", "plain", "--features", "f64", "--out", folder.Root];
}
