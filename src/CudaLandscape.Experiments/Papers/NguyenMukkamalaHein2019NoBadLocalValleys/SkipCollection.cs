using CudaLandscape.Experiments.Runs;

namespace CudaLandscape.Experiments.Papers.NguyenMukkamalaHein2019NoBadLocalValleys;

/// <summary>
/// The units of several runs of Table 1 or of Table 2 as one table. The runs may differ in what names a unit; they must agree in
/// everything else, in the commit and in the images. A unit that has no result says why.
/// </summary>
internal sealed class SkipCollection
{
    private static readonly string[] s_free = ["networks", "variants", "activations", "augmentation", "seeds"];
    private readonly OrderedDictionary<SkipUnit, SkipResult> _results = [];
    private readonly Dictionary<SkipUnit, string> _folders = [];
    private readonly IReadOnlyList<RunRecord> _runs;
    private SkipSettings _settings;

    private SkipCollection(SkipSettings planned, IReadOnlyList<RunRecord> runs)
    {
        (_settings, _runs) = (planned, runs);
        foreach (SkipUnit unit in planned.Units) _results[unit] = new SkipResult { Unit = unit.Name, Problem = "not begun" };
        foreach (RunRecord run in runs) Add(run);
    }

    /// <summary>Reads the results of runs, finished or not.</summary>
    /// <param name="planned">Settings of the table; the runs may have further units.</param>
    /// <param name="runs">The runs.</param>
    /// <exception cref="ArgumentException">The runs do not belong together; the message says in what they differ.</exception>
    /// <exception cref="Nn.Data.DataFileException">A file of a run is damaged.</exception>
    public static CollectedTable Of(SkipSettings planned, IReadOnlyList<RunRecord> runs)
    {
        RunAgreement.RequireOneTable(runs, s_free);
        SkipCollection collection = new(planned, runs);
        SkipReport report = new(collection._settings, collection._results, collection.Data(), collection.Devices());
        return new CollectedTable(report.Print, report.ToMarkdown(), SkipMetrics.ToCsv(collection._settings, collection._results));
    }

    private void Add(RunRecord run)
    {
        SkipSettings settings = SkipCommand.Of(_settings.Table).Parse(run.Arguments);
        foreach (SkipUnit unit in settings.Units)
        {
            if (!_folders.TryAdd(unit, run.Folder))
                throw new ArgumentException($"{unit.Name} is in {_folders[unit]} and in {run.Folder}; leave one out.");
            _results[unit] = ResultOf(run, unit);
        }

        _settings = _settings with
        {
            Networks = [.. _settings.Networks.Union(settings.Networks)],
            Variants = [.. _settings.Variants.Union(settings.Variants)],
            Activations = [.. _settings.Activations.Union(settings.Activations)],
            Augmentations = [.. _settings.Augmentations.Union(settings.Augmentations)],
            Seeds = [.. _settings.Seeds.Union(settings.Seeds)],
        };
    }

    private static SkipResult ResultOf(RunRecord run, SkipUnit unit)
    {
        SkipResult result = SkipUnitFolder.ReadOf(run, unit) ?? new SkipResult { Unit = unit.Name };
        if (result.IsDone || result.Problem is not null && run.Status != "running") return result;
        string reason = (string?)run.Json["reason"] is { } text ? $": {text}" : "";
        return new SkipResult { Unit = unit.Name, Problem = $"not finished; the run in {run.Folder} is {run.Status}{reason}" };
    }

    private string Data() => _runs.Select(r => (string?)r.Json["data"]?["description"]).FirstOrDefault(d => d is not null) ?? "no data yet";

    // With their names where there are several.
    private string Devices()
    {
        (string? Id, string? Name)[] devices =
            [.. _runs.Select(r => ((string?)r.Json["device"]?["id"], (string?)r.Json["device"]?["name"])).Where(d => d.Item1 is not null).Distinct()];
        return devices.Length switch
        {
            0 => "none yet",
            1 => devices[0].Id!,
            _ => string.Join(" and ", devices.Select(d => $"{d.Id} ({d.Name})")),
        };
    }
}
