using System.CommandLine;
using System.Text;
using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Interop;

namespace CudaLandscape.Experiments.Sweeps;

/// <summary>The command <c>sweep slurm</c>: a script for <c>sbatch</c> that does the units that are not done yet.</summary>
internal static class SlurmCommand
{
    private static readonly Option<int> s_gpus = NumberOption.WithDefault("--gpus", "GPUs of a unit: 1, or 0 for the CPU.", NumberRange.From(0, 1), 1);
    private static readonly Option<int> s_cpus = NumberOption.WithDefault("--cpus", "CPU cores of a unit.", NumberRange.Count(1), 4);
    private static readonly Option<string?> s_partition = new("--partition") { Description = "Partition; the cluster's default when left out." };

    private static readonly Option<string?> s_memory =
        new("--memory") { Description = "Memory of a unit as Slurm writes it, such as 16G; the partition's when left out." };

    private static readonly Option<string?> s_time =
        new("--time") { Description = "Time limit as Slurm writes it, such as 1-00:00:00; a unit that needs more is requeued and goes on." };

    private static readonly Option<int?> s_parallel =
        NumberOption.Optional("--parallel", "Units at a time; as many as there is room for when left out.", NumberRange.Count(1));

    private static readonly Option<int> s_signal = NumberOption.WithDefault(
        "--signal-seconds", "Seconds before the time limit at which a unit saves its state.", NumberRange.From(1, 65535), 120);

    private static readonly Option<string?> s_data =
        new("--data") { Description = "Folder with the data on the nodes, where it is another than when the sweep was planned." };

    public static Command Create(Option<string> plan)
    {
        Command command = new("slurm", "Write a script for sbatch: the units that are not done yet as a job array, requeued when they are stopped.")
        {
            plan, s_gpus, s_cpus, s_memory, s_time, s_partition, s_parallel, s_signal, s_data,
        };
        command.SetAction(p => (int)Run(p, SweepPlan.Read(p.GetValue(plan)!)));
        return command;
    }

    private static ExitCode Run(ParseResult p, SweepPlan plan)
    {
        int[] open = [.. plan.Units.Where(u => RunRecord.Find(u.Folder) is not { IsDone: true }).Select(u => u.Index)];
        if (open.Length == 0)
            throw new ArgumentException($"All {plan.Units.Count} units of {plan.Folder} are done; {ProgramName.Command("sweep", "collect", "--plan", plan.Folder)} makes the tables.");
        SlurmResources resources = Read(p);
        string? data = p.GetValue(s_data) is { } folder ? Path.GetFullPath(folder) : null;
        string script = SlurmScript.Of(plan.Folder, open, resources, data), path = Path.Combine(plan.Folder, "sweep.sbatch");
        Directory.CreateDirectory(SlurmScript.Logs(plan.Folder));
        DurableFile.Replace(path, stream => stream.Write(Encoding.UTF8.GetBytes(script)));
        Console.WriteLine($"{open.Length} of {plan.Units.Count} units: sbatch {ShellWord.Quote(path)}");
        return ExitCode.Ok;
    }

    private static SlurmResources Read(ParseResult p) => new()
    {
        Gpus = p.GetValue(s_gpus),
        Cpus = p.GetValue(s_cpus),
        Memory = p.GetValue(s_memory),
        Time = p.GetValue(s_time),
        Partition = p.GetValue(s_partition),
        Parallel = p.GetValue(s_parallel),
        SignalSeconds = p.GetValue(s_signal),
    };
}
