using System.CommandLine;
using CudaLandscape.Experiments.Runs;

namespace CudaLandscape.Experiments.Cli;

/// <summary>The command <c>resume</c>: goes on with a run that was stopped.</summary>
internal static class ResumeCommand
{
    private static readonly Argument<string> s_run = new("RUN") { Description = "The run folder." };

    public static readonly Option<string?> Data =
        new("--data") { Description = "Folder with the data, where it is another than when the run began; the images must be the same." };

    public static readonly Option<string?> Device = Options.Device("cuda:0, soft:0 or soft:1, where it is another.");

    public static Command Create()
    {
        Command command = new("resume", "Go on with a run that was stopped or failed, from its last checkpoint; the result has the same bits.")
        {
            s_run, Data, Device,
        };
        command.SetAction(p => (int)ExperimentLaunch.Resume(RunRecord.Read(p.GetValue(s_run)!), p.GetValue(Data), p.GetValue(Device)));
        return command;
    }
}
