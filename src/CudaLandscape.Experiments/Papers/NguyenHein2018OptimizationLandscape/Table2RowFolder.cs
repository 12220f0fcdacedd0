using System.Text.Json;
using System.Text.Json.Nodes;
using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Nn.Checkpoints;
using CudaLandscape.Nn.Data;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;

/// <summary>
/// What a run keeps of one row, in <c>rows/noise_t1-N</c> or below another parent: row.json (what was measured), epochs.csv (the losses), the
/// checkpoints, the last of which stays as the trained network, and the vectors that show what its ranks say.
/// </summary>
internal sealed class Table2RowFolder(RunFolder run, NoiseReading noise, int t1, string parent = Table2RowFolder.Rows)
{
    private const string Rows = "rows";
    private readonly string _name = NameOf(noise, t1, parent);

    /// <summary>What a run, perhaps one still at work, has measured of a row; null when that is nothing.</summary>
    /// <exception cref="JsonException">The file is damaged.</exception>
    public static Table2Row? Read(string runFolder, NoiseReading noise, int t1)
    {
        string path = Path.Combine(runFolder, NameOf(noise, t1), "row.json");
        return File.Exists(path) ? Table2Row.FromJson(File.ReadAllText(path)) : null;
    }

    /// <summary>The same, with the damaged file named.</summary>
    /// <exception cref="DataFileException">The file is damaged.</exception>
    public static Table2Row? ReadOf(RunRecord run, NoiseReading noise, int t1)
    {
        try
        {
            return Read(run.Folder, noise, t1);
        }
        catch (JsonException e)
        {
            throw new DataFileException(
                run.Folder, 0, $"what was measured for T1 = {t1} is damaged", e.Message, "a row.json that this program wrote",
                $"{ProgramName.Command("resume", run.Folder)} measures it again.", e);
        }
    }

    /// <summary>The vectors kept to check a rank by.</summary>
    /// <exception cref="DataFileException">The file is damaged or holds something else.</exception>
    public static RankWitness ReadWitness(string runFolder, NoiseReading noise, int t1, string matrix)
    {
        string path = Path.Combine(runFolder, NameOf(noise, t1), WitnessName(matrix));
        return File.Exists(path) ? RankWitness.Read(path) : RankWitness.None;
    }

    /// <summary>What was measured before; a new row when there is nothing.</summary>
    public Table2Row Load(int samples)
    {
        Table2Row fresh = new() { T1 = t1, Noise = noise, Samples = samples };
        try
        {
            return Read(run.FullPath, noise, t1) ?? fresh;
        }
        catch (JsonException e)
        {
            run.Log($"warning: {run.Path(_name, "row.json")} is damaged ({e.Message}); what it held is measured again.");
            return fresh;
        }
    }

    /// <summary>Keeps a row of fewer epochs, its network and all, in a folder of its own; the row begins anew from its last checkpoint.</summary>
    public Table2Row SetAside(Table2Row row)
    {
        string aside = $"{_name}_{row.EpochsDone}-epochs", half = run.Path($"{aside}.part");
        if (!Directory.Exists(run.Path(aside)))
        {
            Directory.CreateDirectory(half);
            foreach (string file in Directory.GetFiles(run.Path(_name))) File.Copy(file, Path.Combine(half, Path.GetFileName(file)), overwrite: true);
            Directory.Move(half, run.Path(aside));
        }

        run.Log($"T1 = {t1}: what was measured after {row.EpochsDone} epochs is in {run.Path(aside)}");
        Table2Row fresh = new() { T1 = t1, Noise = noise, Samples = row.Samples };
        Save(fresh);
        return fresh;
    }

    public void Save(Table2Row row)
    {
        Directory.CreateDirectory(run.Path(_name));
        run.Write($"{_name}/row.json", row.ToJson());
    }

    /// <summary>Keeps the vectors that the rank of a matrix such as <c>f1_f64</c> can be checked by.</summary>
    public void SaveWitness(string matrix, RankFinding finding)
    {
        Directory.CreateDirectory(run.Path(_name));
        RankWitness.Write(run.Path(_name, WitnessName(matrix)), finding);
    }

    /// <summary>Where R of a matrix is kept between its QR and its rank, when QR took longer than a time.</summary>
    public KeptFactor Factor(string matrix, TimeSpan worth) => new(run.Path(_name, $"{matrix}_R"), worth, run.Log);

    /// <summary>The losses of the epochs.</summary>
    public AppendedTable OpenEpochs()
    {
        Directory.CreateDirectory(run.Path(_name));
        return new AppendedTable(run.Path(_name, "epochs.csv"), "epoch", "loss", "seconds");
    }

    /// <summary>The checkpoints, which fit these settings, this network and these images only.</summary>
    public CheckpointFolder Checkpoints(Table2Settings settings, Table2Network network, string trainSha256) =>
        CheckpointsIn(run.Path(_name), noise, t1, settings, network, trainSha256, run.Log);

    /// <summary>The same of a run folder that is only read.</summary>
    public static CheckpointFolder Checkpoints(
        string runFolder, NoiseReading noise, int t1, Table2Settings settings, Table2Network network, string trainSha256, Action<string> log) =>
        CheckpointsIn(Path.Combine(runFolder, NameOf(noise, t1)), noise, t1, settings, network, trainSha256, log);

    private static CheckpointFolder CheckpointsIn(
        string path, NoiseReading noise, int t1, Table2Settings settings, Table2Network network, string trainSha256, Action<string> log)
    {
        Dictionary<string, string> identity = new(StringComparer.Ordinal)
        {
            ["network"] = network.Description,
            ["training set (SHA-256)"] = trainSha256,
        };
        foreach ((string name, JsonNode? value) in settings.ToJson()) identity.Add(name, value?.ToJsonString() ?? "null");
        // Rows differ in these, and do not depend on the others' values.
        (identity["t1"], identity["noise"]) = ($"{t1}", Table2Settings.Name(noise));
        return CheckpointsIn(path, identity, log);
    }

    /// <summary>Checkpoints of an identity in which no step depends on how many epochs there are to be, or on what is measured after the last.</summary>
    internal static CheckpointFolder CheckpointsIn(string path, IReadOnlyDictionary<string, string> identity, Action<string> log) =>
        new(path, identity, log, unrelated: ["features", "epochs"]);

    private static string WitnessName(string matrix) => $"{matrix}_v_min.safetensors";

    /// <summary>The folder of a row, as seen from the run folder.</summary>
    internal static string NameOf(NoiseReading noise, int t1, string parent = Rows) => $"{parent}/{Table2Settings.Name(noise)}_t1-{t1}";
}
