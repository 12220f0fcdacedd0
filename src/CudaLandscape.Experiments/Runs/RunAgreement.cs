using System.Text.Json.Nodes;

namespace CudaLandscape.Experiments.Runs;

/// <summary>Whether settings are the same, and whether several runs belong into one table.</summary>
internal static class RunAgreement
{
    /// <summary>Requires what was kept in a place to be the settings this version reads from the same command line.</summary>
    /// <exception cref="ArgumentException">They differ; the message names the first setting that does.</exception>
    public static void RequireSame(string place, JsonObject then, JsonObject now)
    {
        if (FirstDifference(then, now, []) is ({ } name, { } before, { } after))
            throw new ArgumentException($"{place}: its setting '{name}' was {before} and is {after} in this version; begin another run.");
    }

    /// <summary>Requires runs to be of one experiment, one commit, the same images, and the same settings but for some.</summary>
    /// <exception cref="ArgumentException">They differ; the message says in what, and which runs.</exception>
    public static void RequireOneTable(IReadOnlyList<RunRecord> runs, IReadOnlyCollection<string> freeSettings)
    {
        RequireOneCommit(runs);
        RunRecord? withImages = runs.FirstOrDefault(run => run.DataHash is not null);
        foreach (RunRecord run in runs.Skip(1))
        {
            RunRecord first = runs[0];
            Require("experiment", first, first.Experiment, run, run.Experiment);
            if (withImages is not null && run.DataHash is { } images) Require("data", withImages, withImages.DataHash!, run, images);
            if (FirstDifference(first.Settings, run.Settings, freeSettings) is ({ } name, { } there, { } here))
                Require($"setting '{name}'", first, there, run, here);
        }
    }

    private static void RequireOneCommit(IReadOnlyList<RunRecord> runs)
    {
        (string Commit, RunRecord Run)[] all = [.. runs.SelectMany(r => r.Commits, (run, commit) => (commit, run))];
        IGrouping<string, RunRecord>[] commits = [.. all.GroupBy(p => p.Commit, p => p.Run)];
        if (commits.Length > 1)
            throw new ArgumentException(
                $"The runs are of {commits.Length} commits, their results no one program's: "
                + $"{string.Join("; ", commits.Select(c => $"{c.Key} worked on {c.Count()}, such as {c.First().Folder}"))}. Collect runs of one commit.");
    }

    private static void Require(string what, RunRecord first, string there, RunRecord run, string here)
    {
        if (there != here)
            throw new ArgumentException($"The runs differ in their {what}: {there} in {first.Folder}, {here} in {run.Folder}. Collect runs that agree.");
    }

    /// <summary>The first setting with two values, and both; null for none.</summary>
    public static (string Name, string There, string Here)? FirstDifference(JsonObject there, JsonObject here, IReadOnlyCollection<string> free)
    {
        foreach (string name in there.Select(p => p.Key).Union(here.Select(p => p.Key)).Except(free))
        {
            (string a, string b) = (there[name]?.ToJsonString() ?? "nothing", here[name]?.ToJsonString() ?? "nothing");
            if (a != b) return (name, a, b);
        }

        return null;
    }
}
