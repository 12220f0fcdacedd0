using CudaLandscape.Experiments.Cli;
using CudaLandscape.Nn.Data;

namespace CudaLandscape.Experiments.Runs;

/// <summary>Looks for the run that a command goes on with.</summary>
internal static class RunSearch
{
    /// <summary>
    /// The newest run below --out of the experiment, its settings, images and device, begun by this commit; null for none. Where there
    /// is one by another commit alone, or an unfinished one of this command line whose settings were others then, standard error says
    /// so, since another run begins; so it does of every run.json that cannot be read.
    /// </summary>
    public static RunRecord? Find(Experiment experiment, ResolvedData data)
    {
        string settings = RunFolder.HashOf(experiment.Settings);
        RunRecord[] runs = [.. RunRecord.Below(experiment.Out, WarnOf).Where(run => IsOf(run, experiment, data))];
        RunRecord[] same = [.. runs.Where(run => HashOf(run) == settings)];
        RunRecord? mine = same.FirstOrDefault(run => run.Commits.All(commit => commit == BuildInfo.Commit));
        RunRecord? other = same.FirstOrDefault(run => !run.IsDone) ?? same.FirstOrDefault()
            ?? runs.FirstOrDefault(run => !run.IsDone && run.Arguments.SequenceEqual(experiment.Arguments));
        if (mine is null && other is not null) Console.Error.WriteLine(Remark(other, HashOf(other) == settings));
        return mine;
    }

    private static void WarnOf(DataFileException unreadable) => Console.Error.WriteLine(
        $"warning: {unreadable.Message} The run is left out of the search for one to go on with; move its folder away if it is of no use.");

    private static bool IsOf(RunRecord run, Experiment experiment, ResolvedData data) =>
        run.Json["experiment"]?.ToString() == experiment.Name
        && (run.DataHash is null || run.DataHash == ExperimentLaunch.HashOf(data))
        && ((string?)run.Json["device"]?["id"] is not { } device || device == ExperimentLaunch.DeviceOf(experiment).ToString());

    private static string? HashOf(RunRecord run) => run.Json["settings_sha256"]?.ToString();

    private static string Remark(RunRecord run, bool hasTheseSettings)
    {
        string what = hasTheseSettings ? "of these settings" : "of this command line, which stood for other settings,";
        string next = run.IsDone || !hasTheseSettings ? "" : $" {ProgramName.Command("resume", run.Folder)} goes on with it.";
        return $"{run.Folder} is {(run.IsDone ? "a finished" : "an unfinished")} run {what} by commit {string.Join(", ", run.Commits)}; "
            + $"this is {BuildInfo.Commit}, so another run begins.{next}";
    }
}
