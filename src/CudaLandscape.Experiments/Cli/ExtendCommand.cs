using System.CommandLine;
using CudaLandscape.Experiments.Runs;

namespace CudaLandscape.Experiments.Cli;

/// <summary>The command <c>extend</c>: measures more in a run, and keeps what it has.</summary>
internal static class ExtendCommand
{
    private static readonly Argument<string> s_run = new("RUN") { Description = "The run folder." };

    public static Command Create()
    {
        Command command = new(
            "extend",
            "Measure more in a run, finished or not, and keep what it has: name the options of its command that ask for more, "
            + "as in `extend RUN --features f32 --t1 10,20`. table2 takes --t1, --noise, --epochs (rows of fewer stay beside), --features, and what no result depends on.")
        {
            s_run, ResumeCommand.Data, ResumeCommand.Device,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(p => (int)ExperimentLaunch.Extend(
            RunRecord.Read(p.GetValue(s_run)!), p.UnmatchedTokens, p.GetValue(ResumeCommand.Data), p.GetValue(ResumeCommand.Device)));
        return command;
    }
}
