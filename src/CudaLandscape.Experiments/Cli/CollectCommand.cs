using System.CommandLine;
using CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;
using CudaLandscape.Experiments.Runs;

namespace CudaLandscape.Experiments.Cli;

/// <summary>The command <c>collect</c>: one table from several runs.</summary>
internal static class CollectCommand
{
    private static readonly Argument<string[]> s_runs =
        new("RUNS") { Description = "Run folders of table2, finished or not.", Arity = ArgumentArity.OneOrMore };

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
        Table2Collection collection = Table2Collection.Of([.. runs.Select(RunRecord.Read)]);
        Table2Report report = new(collection.Settings, collection.Rows, collection.Data, collection.Devices);
        report.Print();
        if (folder is null) return ExitCode.Ok;
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "table.md"), report.ToMarkdown());
        File.WriteAllText(Path.Combine(folder, "table.csv"), Table2Metrics.ToCsv(collection.Settings, collection.Rows));
        Console.WriteLine($"results: {Path.GetFullPath(folder)}");
        return ExitCode.Ok;
    }
}
