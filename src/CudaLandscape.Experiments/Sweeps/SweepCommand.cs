using System.CommandLine;
using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Papers.NguyenMukkamalaHein2019NoBadLocalValleys;

namespace CudaLandscape.Experiments.Sweeps;

/// <summary>The command <c>sweep</c>: the trainings behind a table one by one, in as many processes and on as many machines as there are.</summary>
internal static class SweepCommand
{
    private static readonly Option<string> s_plan = new("--plan") { Description = "The sweep's folder, or the plan.json in it.", Required = true };
    private static readonly Option<int> s_index = NumberOption.Required("--index", "The unit's number in units.txt, from 0.", NumberRange.Count(0));

    private static readonly Option<string?> s_data =
        new("--data") { Description = "Folder with the data, where it is another than when the sweep was planned; the images must be the same." };

    private static readonly Option<string?> s_device =
        Options.Device("cuda:0, soft:0 or soft:1; else what CUDALANDSCAPE_DEVICE or the machine says.");

    public static Command Create() => new("sweep", "Spread the trainings behind a table over processes and machines.")
    {
        SkipPlanCommand.Create(), CreateOne(), CreateCollect(), SlurmCommand.Create(s_plan),
    };

    private static Command CreateOne()
    {
        Command command = new("one", "Do one unit, or go on with it; a unit that is done stays, one that another process is at is refused.")
        {
            s_plan, s_index, s_data, s_device,
        };
        command.SetAction(p =>
            (int)SweepPlan.Read(p.GetValue(s_plan)!).UnitToRun(p.GetValue(s_index)).Run(p.GetValue(s_data), p.GetValue(s_device)));
        return command;
    }

    private static Command CreateCollect()
    {
        Command command = new("collect", "Make the tables of what is finished; what failed or is missing is listed. Units of several commits are refused.")
        {
            s_plan,
        };
        command.SetAction(p => (int)SweepCollection.Run(SweepPlan.Read(p.GetValue(s_plan)!)));
        return command;
    }
}
