using System.CommandLine;
using CudaLandscape.Experiments.Runs;

namespace CudaLandscape.Experiments.Cli;

/// <summary>The command <c>collect</c>: one table from several runs.</summary>
internal static class CollectCommand
{
    private static readonly Argument<string[]> s_runs =
        new("RUNS") { Description = "Run folders of one experiment, finished or not.", Arity = ArgumentArity.OneOrMore };

    private static readonly Option<string?> s_out = new("--out") { Description = "Folder for table.md and table.csv; without it the table is only printed." };

    public static Command Create()
    {
        Command command = new("collect", "Make one table of several runs beside the paper's numbers; runs of other settings, data or commits are refused.")
        {
            s_runs, s_out,
        };
        command.SetAction(p => (int)Run(p.GetValue(s_runs)!, p.GetValue(s_out)));
        return command;
    }

    private static ExitCode Run(string[] runs, string? folder)
    {
        RunRecord[] records = [.. runs.Select(RunRecord.Read)];
        CollectedTable table = KnownExperiments.Parse(records[0]).Collect(records);
        table.Print();
        if (folder is not null) table.Write(folder);
        return ExitCode.Ok;
    }
}
