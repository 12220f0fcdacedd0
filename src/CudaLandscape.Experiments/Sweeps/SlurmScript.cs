using CudaLandscape.Experiments.Cli;

namespace CudaLandscape.Experiments.Sweeps;

/// <summary>
/// The script that <c>sbatch</c> takes. Every task of the array does one unit. Slurm's signals are handed on to the program, which
/// saves its state and answers 75; the task is then requeued, unless it was cancelled.
/// </summary>
internal static class SlurmScript
{
    /// <summary>Folder of what the units print.</summary>
    public static string Logs(string sweep) => Path.Combine(sweep, "logs");

    /// <summary>The script.</summary>
    /// <param name="sweep">The sweep's folder.</param>
    /// <param name="indices">Indices of the units, in rising order.</param>
    /// <param name="resources">What every task asks for.</param>
    /// <param name="data">Folder with the data on the nodes, or null for the plan's.</param>
    public static string Of(string sweep, IReadOnlyList<int> indices, SlurmResources resources, string? data)
    {
        string[] options =
        [
            "--job-name=sweep", .. resources.Options(Ranges(indices)), "--open-mode=append",
            $"--output={ShellWord.Quote(Path.Combine(Logs(sweep), "unit_%a.txt"))}",
        ];
        return $$"""
            #!/usr/bin/env bash
            # Written by `sweep slurm`: one unit of the sweep per array task.
            {{string.Join('\n', options.Select(o => $"#SBATCH {o}"))}}

            child= signal=
            forward() { signal=$1; [ -z "$child" ] || kill -s "$signal" "$child" 2> /dev/null; }
            trap 'forward USR1' USR1
            trap 'forward TERM' TERM
            {{string.Join(' ', Command(sweep, resources, data).Select(ShellWord.Quote))}} --index "$SLURM_ARRAY_TASK_ID" &
            child=$!
            [ -z "$signal" ] || forward "$signal" # which came before there was a program to have it
            code=0
            wait "$child" || code=$?
            while [ -n "$signal" ]; do # a signal ends the wait before the program ends
                signal= code=0
                wait "$child" || code=$?
            done

            case $code in
                75) ;; # stopped, with its state saved
                138 | 143) ;; # stopped before it had begun
                137) [ "${SLURM_RESTART_COUNT:-0}" -lt 3 ] || exit 137 ;; # killed: from the last checkpoint, but not for ever
                *) exit "$code" ;;
            esac
            # A task that was cancelled is no longer running, and stays so.
            task=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID
            if scontrol show job "$task" | grep -q 'JobState=RUNNING'; then scontrol requeue "$task"; fi
            exit "$code"

            """.ReplaceLineEndings("\n");
    }

    /// <summary>Rising indices as Slurm writes them: <c>0-3,7,9-10</c>.</summary>
    public static string Ranges(IReadOnlyList<int> indices)
    {
        List<string> ranges = [];
        for (int first = 0, last; first < indices.Count; first = last + 1)
        {
            last = first;
            while (last + 1 < indices.Count && indices[last + 1] == indices[last] + 1) last++;
            ranges.Add(first == last ? $"{indices[first]}" : $"{indices[first]}-{indices[last]}");
        }

        return string.Join(',', ranges);
    }

    // With a GPU asked for, a node without one is an error rather than a training on its CPU.
    private static string[] Command(string sweep, SlurmResources resources, string? data)
    {
        string host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        string[] device = resources.Gpus > 0 ? ["--device", "cuda:0"] : [], folder = data is null ? [] : ["--data", data];
        return [host, typeof(SlurmScript).Assembly.Location, "sweep", "one", "--plan", sweep, .. device, .. folder];
    }
}
