using System.CommandLine;
using CudaLandscape.Experiments.Runs;

namespace CudaLandscape.Experiments.Cli;

/// <summary>The command <c>resume</c>: goes on with a run that was stopped.</summary>
internal static class ResumeCommand
{
    private static readonly Argument<string> s_run = new("RUN") { Description = "The run folder." };

    private static readonly Option<string?> s_data =
        new("--data") { Description = "Folder with the data, where it is another than when the run began; the images must be the same." };

    private static readonly Option<string?> s_device = Options.Device("cuda:0, soft:0 or soft:1, where it is another.");

    public static Command Create()
    {
        Command command = new("resume", "Go on with a run that was stopped or failed, from its last checkpoint; the result has the same bits.")
        {
            s_run, s_data, s_device,
        };
        command.SetAction(p => (int)ExperimentLaunch.Resume(RunRecord.Read(p.GetValue(s_run)!), p.GetValue(s_data), p.GetValue(s_device)));
        return command;
    }
}
