using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Runs;

namespace CudaLandscape.Experiments.Sweeps;

/// <summary>The tables of a sweep from the units that any process has begun.</summary>
internal static class SweepCollection
{
    /// <summary>Prints each table and writes it to the sweep's folder.</summary>
    /// <exception cref="ArgumentException">Units were done by several commits or differ otherwise.</exception>
    public static ExitCode Run(SweepPlan plan)
    {
        foreach (SweepTable table in plan.Tables)
        {
            SweepUnit[] units = [.. plan.Units.Where(u => u.Table == table)];
            RunRecord[] runs = [.. units.Select(u => RunRecord.Find(u.Folder)).OfType<RunRecord>()];
            CollectedTable collected = table.Experiment.Collect(runs);
            collected.Print();
            collected.Write(Path.Combine(plan.Folder, table.Experiment.Name));
            Console.Error.WriteLine($"{table.Experiment.Name}: {runs.Count(r => r.IsDone)} of {units.Length} units done, {runs.Length} begun");
        }

        return ExitCode.Ok;
    }
}
