using System.Globalization;
using CudaLandscape.Experiments.Cli;

namespace CudaLandscape.Experiments.Sweeps;

/// <summary>What every task of a job array asks Slurm for.</summary>
internal sealed record SlurmResources
{
    /// <summary>1, or 0 for the CPU.</summary>
    public required int Gpus { get; init; }

    public required int Cpus { get; init; }

    /// <summary>As Slurm writes it; null for the partition's.</summary>
    public string? Memory { get; init; }

    /// <summary>The time limit as Slurm writes it; null for the partition's.</summary>
    public string? Time { get; init; }

    public string? Partition { get; init; }

    /// <summary>Tasks at a time; null for no limit.</summary>
    public int? Parallel { get; init; }

    /// <summary>Seconds before the time limit at which SIGUSR1 comes.</summary>
    public required int SignalSeconds { get; init; }

    /// <summary>The options of sbatch for an array of some indices.</summary>
    public IEnumerable<string> Options(string array)
    {
        yield return $"--array={array}{(Parallel is { } limit ? $"%{Text(limit)}" : "")}";
        if (Gpus > 0) yield return $"--gres=gpu:{Text(Gpus)}";
        yield return $"--cpus-per-task={Text(Cpus)}";
        if (Memory is not null) yield return $"--mem={ShellWord.Quote(Memory)}";
        if (Time is not null) yield return $"--time={ShellWord.Quote(Time)}";
        if (Partition is not null) yield return $"--partition={ShellWord.Quote(Partition)}";
        yield return "--requeue";
        yield return $"--signal=B:USR1@{Text(SignalSeconds)}";
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
