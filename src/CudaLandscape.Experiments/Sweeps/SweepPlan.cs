using System.Globalization;
using System.Text;
using System.Text.Json;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Interop;
using CudaLandscape.Nn.Data;

namespace CudaLandscape.Experiments.Sweeps;

/// <summary>
/// The trainings behind one or more tables as a list of units, each of which any process can do at any time. Its folder holds
/// plan.json (settings, images, commit), units.txt (a line per unit) and the units' run folders, <c>runs/name</c>.
/// </summary>
internal sealed class SweepPlan
{
    private const string FileName = "plan.json";

    private SweepPlan(string folder, string commit, IReadOnlyList<SweepTable> tables)
    {
        (Folder, Commit, Tables) = (folder, commit, tables);
        Units = [.. tables.SelectMany(t => t.Experiment.Units, (table, name) => (table, name))
            .Select((u, index) => new SweepUnit(index, u.name, u.table, Path.Combine(folder, "runs", u.name)))];
    }

    /// <summary>Full path of the sweep's folder.</summary>
    public string Folder { get; }

    /// <summary>The commit that planned it and that must do all of it.</summary>
    public string Commit { get; }

    public IReadOnlyList<SweepTable> Tables { get; }

    /// <summary>All units in the order of their indices.</summary>
    public IReadOnlyList<SweepUnit> Units { get; }

    /// <summary>The readable list.</summary>
    public string ListPath => Path.Combine(Folder, "units.txt");

    /// <summary>Plans a sweep and writes it.</summary>
    /// <exception cref="ArgumentException">The folder holds a plan already.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static SweepPlan Create(string folder, IReadOnlyList<Experiment> experiments)
    {
        string full = Path.GetFullPath(folder);
        if (File.Exists(Path.Combine(full, FileName)))
            throw new ArgumentException($"--out {folder}: there is a plan already, of which units may have been done; name another folder.");
        SweepPlan plan = new(full, BuildInfo.Commit, [.. experiments.Select(SweepTable.Of)]);
        Directory.CreateDirectory(full);
        Write(plan.ListPath, plan.List());
        Write(Path.Combine(full, FileName), plan.ToFile().ToJson());
        return plan;
    }

    /// <summary>Reads a plan.</summary>
    /// <param name="path">The plan.json or its folder.</param>
    /// <exception cref="DataFileException">There is none, or it is damaged.</exception>
    /// <exception cref="ArgumentException">This version reads other settings or units from it.</exception>
    public static SweepPlan Read(string path)
    {
        string full = Path.GetFullPath(Directory.Exists(path) ? Path.Combine(path, FileName) : path);
        SweepPlanFile file = ReadFile(full);
        SweepPlan plan = new(Path.GetDirectoryName(full)!, file.Commit, [.. file.Tables.Select(t => SweepTable.Of(full, t))]);
        return plan.Units.Select(u => u.Name).SequenceEqual(file.Units) ? plan
            : throw new ArgumentException($"{full} lists other units than this version makes of its settings; use the commit that planned it, {file.Commit}.");
    }

    /// <summary>The unit of an index, which only the commit that planned it may do.</summary>
    /// <exception cref="ArgumentException">There is none of that index, or this is another commit.</exception>
    public SweepUnit UnitToRun(int index)
    {
        if (index < 0 || index >= Units.Count)
            throw new ArgumentException($"--index {index}: the plan has {Units.Count} units; expected 0 to {Units.Count - 1}. They are listed in {ListPath}.");
        if (Commit != BuildInfo.Commit)
            throw new ArgumentException(
                $"{Folder} was planned by commit {Commit}, this is {BuildInfo.Commit}; its tables would be of both. Use that commit, or plan another sweep.");
        return Units[index];
    }

    private static SweepPlanFile ReadFile(string path)
    {
        try
        {
            return SweepPlanFile.FromJson(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new DataFileException(
                path, 0, "this is not the plan of a sweep", e.Message, "a plan.json that `sweep plan` wrote", "Name it or its folder with --plan.", e);
        }
    }

    private static void Write(string path, string text) => DurableFile.Replace(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    private string List() => string.Concat(Units.Select(
        u => string.Create(CultureInfo.InvariantCulture, $"{u.Index,4}  {u.Table.Experiment.Name}  {u.Name}\n")));

    private SweepPlanFile ToFile() => new()
    {
        Planned = DateTime.UtcNow,
        Version = BuildInfo.Version,
        Commit = Commit,
        Tables = [.. Tables.Select(t => t.ToEntry())],
        Units = [.. Units.Select(u => u.Name)],
    };
}
