using CudaLandscape.Experiments.Runs;
using CudaLandscape.Nn.Data;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;

/// <summary>
/// The rows of several runs of Table 2 as one table. The runs may differ in T1 and in the reading of the noise, which name the
/// rows; they must agree in everything else, in the commit and in the images.
/// </summary>
internal sealed class Table2Collection
{
    private static readonly string[] s_free = ["t1", "noise"];
    private readonly List<(Table2Row Row, string Folder)> _rows = [];

    private Table2Collection(IReadOnlyList<RunRecord> runs)
    {
        foreach (RunRecord run in runs) Add(run);
        Table2Settings first = Table2Command.Parse(runs[0].Arguments);
        Rows = [.. _rows.Select(r => r.Row).OrderBy(r => r.Noise).ThenBy(r => r.T1)];
        Settings = first with { T1 = [.. Rows.Select(r => r.T1).Distinct()], Noise = [.. Rows.Select(r => r.Noise).Distinct()] };
        Data = (string?)runs[0].Json["data"]?["description"] ?? "no data";
        Devices = string.Join(" and ", runs.Select(r => (string?)r.Json["device"]?["id"]).OfType<string>().Distinct());
    }

    public Table2Settings Settings { get; }

    public IReadOnlyList<Table2Row> Rows { get; }

    public string Data { get; }

    public string Devices { get; }

    /// <summary>Reads the rows of runs, finished or not.</summary>
    /// <exception cref="ArgumentException">The runs do not belong together; the message says in what they differ.</exception>
    /// <exception cref="DataFileException">A file of a run is damaged.</exception>
    public static Table2Collection Of(IReadOnlyList<RunRecord> runs)
    {
        RunAgreement.RequireOneTable(runs, s_free);
        return new Table2Collection(runs);
    }

    private void Add(RunRecord run)
    {
        Table2Settings settings = Table2Command.Parse(run.Arguments);
        foreach (NoiseReading noise in settings.Noise)
        {
            foreach (int t1 in settings.T1) Add(run, settings, noise, t1);
        }
    }

    private void Add(RunRecord run, Table2Settings settings, NoiseReading noise, int t1)
    {
        if (_rows.FirstOrDefault(r => r.Row.T1 == t1 && r.Row.Noise == noise) is { Row: not null } other)
            throw new ArgumentException($"T1 = {t1} with noise {Table2Settings.Name(noise)} is in {other.Folder} and in {run.Folder}; leave one out.");
        Table2Row row = Table2RowFolder.ReadOf(run, noise, t1) ?? new Table2Row { T1 = t1, Noise = noise, Samples = settings.Samples };
        if (!row.IsComplete(settings)) row.Problem ??= $"not finished; the run in {run.Folder} is {run.Status}";
        _rows.Add((row, run.Folder));
    }
}
