using CudaLandscape.Experiments.Cli;

namespace CudaLandscape.Experiments.Tests.Table2;

/// <summary><c>--together</c>: every file a row leaves is that of a training of its own, stopped in between or not.</summary>
[Collection("device")]
public sealed class TogetherTests : IDisposable
{
    private readonly ScratchFolder _alone = new(), _together = new();

    public void Dispose()
    {
        _alone.Dispose();
        _together.Dispose();
    }

    [Fact]
    public void Trained_together_the_rows_are_those_of_trainings_one_after_the_other()
    {
        Assert.Equal(0, Session.Run([.. Arguments(_alone), "--noise", "both"]).Code);
        Assert.Equal(0, Session.Run([.. Arguments(_together), "--noise", "both", "--together"]).Code);
        Assert.Equal(RunOutcome.Of(_alone), RunOutcome.Of(_together));
    }

    [SkippableFact]
    public void Stopped_and_taken_up_they_end_with_the_same_bits()
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are sent with kill");
        Assert.Equal(0, Session.Run(Arguments(_alone)).Code);
        using (ChildProgram program = new(new Dictionary<string, string?>(), [.. Arguments(_together), "--together", "--checkpoint-seconds", "0"]))
        {
            program.WaitForLine("T1 = 3,1: epoch 1 of");
            program.Signal("TERM");
            Assert.Equal((int)ExitCode.Preempted, program.WaitForExit());
        }

        Assert.Equal(0, Session.Run("resume", _together.Run).Code);
        Assert.Equal(RunOutcome.Of(_alone), RunOutcome.Of(_together));
    }

    [Fact]
    public void It_needs_the_fused_step()
    {
        Session session = Session.Run([.. Arguments(_together), "--together", "--step", "captured"]);
        Assert.Equal((int)ExitCode.Usage, session.Code);
        Assert.Contains("--together needs --step fused; got captured", session.Errors);
    }

    private static string[] Arguments(ScratchFolder folder) =>
        ["table2", "--n", "100", "--t1", "3,1", "--epochs", "30", "--batch", "16", "--features", "f64", "--out", folder.Root];
}
