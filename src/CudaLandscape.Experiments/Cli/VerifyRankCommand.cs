using System.CommandLine;
using CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;
using CudaLandscape.Experiments.Runs;

namespace CudaLandscape.Experiments.Cli;

/// <summary>The command <c>verify-rank</c>: checks the float64 ranks of a run again from its checkpoints.</summary>
internal static class VerifyRankCommand
{
    private static readonly Argument<string> s_run = new("RUN") { Description = "The run folder; it is only read." };

    private static readonly Option<string?> s_data =
        new("--data") { Description = "Folder with the data, where it is another than when the run began; the images must be the same." };

    private static readonly Option<string?> s_device = Options.Device("cuda:0, soft:0 or soft:1, where it is another.");

    public static Command Create()
    {
        Command command = new("verify-rank", "Check a run's ranks of float64 features again: from the checkpoint, by the kept vector alone, and with other random vectors.")
        {
            s_run, s_data, s_device,
        };
        command.SetAction(p => (int)Table2Verification.Run(RunRecord.Read(p.GetValue(s_run)!), p.GetValue(s_data), p.GetValue(s_device)));
        return command;
    }
}
