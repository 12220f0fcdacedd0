using CudaLandscape.Nn.Data;

namespace CudaLandscape.Experiments.Runs;

/// <summary>Looks for the run that a command goes on with.</summary>
internal static class RunSearch
{
    /// <summary>
    /// The newest run below --out of the experiment, its settings, images and device, begun by this commit; null for none. Where there
    /// is one by another commit alone, standard error says so, since its results would not be this program's.
    /// </summary>
    public static RunRecord? Find(Experiment experiment, ResolvedData data)
    {
        RunRecord[] runs = [.. RunRecord.Below(experiment.Out).Where(run => IsOf(run, experiment, data))];
        RunRecord? mine = runs.FirstOrDefault(run => run.Commits.All(commit => commit == BuildInfo.Commit));
        if (mine is null && (runs.FirstOrDefault(run => !run.IsDone) ?? runs.FirstOrDefault()) is { } other)
            Console.Error.WriteLine(Remark(other));
        return mine;
    }

    private static bool IsOf(RunRecord run, Experiment experiment, ResolvedData data) =>
        run.Json["settings_sha256"]?.ToString() == RunFolder.HashOf(experiment.Settings)
        && run.Experiment == experiment.Name
        && (run.DataHash is null || run.DataHash == ExperimentLaunch.HashOf(data))
        && ((string?)run.Json["device"]?["id"] is not { } device || device == ExperimentLaunch.DeviceOf(experiment).ToString());

    private static string Remark(RunRecord run)
    {
        (string state, string next) = run.IsDone
            ? ("a finished run", "") : ("an unfinished run", $" `./build.sh run resume {run.Folder}` goes on with it.");
        return $"{run.Folder} is {state} of these settings by commit {string.Join(", ", run.Commits)}; this is {BuildInfo.Commit}, so another run begins.{next}";
    }
}
