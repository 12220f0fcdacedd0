using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Checkpoints;

/// <summary>
/// Everything that training needs to go on bit by bit as if it had not stopped: the tensors it changes, the place in the data,
/// the key of the order of samples, and what it belongs to. Random numbers are counters, so the key and the place are their
/// whole state.
/// </summary>
public sealed record Checkpoint
{
    private const string FormatName = "cudalandscape.checkpoint/", Format = FormatName + "1";
    private const string SettingPrefix = "setting.";

    /// <summary>Settings and network it belongs to, by name; a checkpoint fits only where all of them are the same.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>Where training goes on.</summary>
    public required TrainingCursor Cursor { get; init; }

    /// <summary>Key of the order of the samples in the cursor's epoch.</summary>
    public required string Order { get; init; }

    /// <summary>Bytes of the file of metrics when this was taken; what follows them belongs to later steps.</summary>
    public required long MetricsBytes { get; init; }

    /// <summary>Seconds of training so far.</summary>
    public required double Seconds { get; init; }

    /// <summary>Parameters under their own names, buffers, the optimizer's state and the sum of losses.</summary>
    public required IReadOnlyList<SafetensorsTensor> Tensors { get; init; }

    /// <summary>Copies the tensors of a running computation to the host; waits for the device.</summary>
    public static SafetensorsTensor[] Copy(IEnumerable<StateTensor> state) =>
        [.. state.Select(s => SafetensorsTensor.Of(s.Name, s.Value))];

    /// <summary>Overwrites a computation's tensors with the saved ones.</summary>
    /// <exception cref="ArgumentException">Names, shapes or types differ; the message names the first tensor that does.</exception>
    public void Restore(IReadOnlyList<StateTensor> state)
    {
        foreach (StateTensor target in state) CheckFit(target, Tensors.FirstOrDefault(t => t.Name == target.Name));
        if (Tensors.FirstOrDefault(t => !state.Any(s => s.Name == t.Name)) is { } surplus)
            throw new ArgumentException($"The checkpoint has a tensor {surplus} too many; it is of another network or optimizer.");
        RestoreNetwork(Tensors, state);
    }

    /// <summary>Overwrites a network's tensors with those of the same names; others, such as an optimizer's, are left out.</summary>
    /// <exception cref="ArgumentException">One is missing or has another shape or type; the message names the first.</exception>
    public static void RestoreNetwork(IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyList<StateTensor> state)
    {
        Dictionary<string, SafetensorsTensor> saved = tensors.ToDictionary(t => t.Name, StringComparer.Ordinal);
        foreach (StateTensor target in state) CheckFit(target, saved.GetValueOrDefault(target.Name));
        foreach (StateTensor target in state) Overwrite(target.Value, saved[target.Name]);
    }

    /// <summary>Name of the first tensor that holds NaN or an infinity; null when all are finite.</summary>
    public string? FirstNonFinite() => Tensors.FirstOrDefault(t => t.Type switch
    {
        "F32" => HasNonFinite<float>(t.Bytes),
        "F64" => HasNonFinite<double>(t.Bytes),
        _ => false,
    })?.Name;

    /// <summary>As the content of a file.</summary>
    public SafetensorsFile ToFile()
    {
        Dictionary<string, string> metadata = new(StringComparer.Ordinal)
        {
            ["format"] = Format,
            ["epoch"] = Cursor.Epoch.ToString(CultureInfo.InvariantCulture),
            ["sample"] = Cursor.Sample.ToString(CultureInfo.InvariantCulture),
            ["order"] = Order,
            ["metrics_bytes"] = MetricsBytes.ToString(CultureInfo.InvariantCulture),
            ["seconds"] = Seconds.ToString("R", CultureInfo.InvariantCulture),
        };
        foreach ((string name, string value) in Settings) metadata.Add(SettingPrefix + name, value);
        return new SafetensorsFile(metadata, Tensors);
    }

    /// <summary>From the content of a file.</summary>
    /// <exception cref="DataFileException">It is no checkpoint of this program.</exception>
    /// <exception cref="ArgumentException">Another version wrote it in a form that this one does not know.</exception>
    public static Checkpoint FromFile(string path, SafetensorsFile file)
    {
        Fields fields = new(path, file.Metadata);
        if (file.IsSealed && fields.Text("format") is var other && other.StartsWith(FormatName, StringComparison.Ordinal) && other != Format)
            throw new ArgumentException(
                $"{path}: the checkpoint is of the form {other}, this version knows {Format}. Go on with the version that wrote it.");
        if (fields.Text("format") is var format && format != Format) throw fields.Foreign("format", format, Format);
        if (!file.IsSealed) throw fields.Foreign(SafetensorsFile.SealName, "nothing", "a SHA-256");
        return new Checkpoint
        {
            Settings = file.Metadata.Where(p => p.Key.StartsWith(SettingPrefix, StringComparison.Ordinal))
                .ToDictionary(p => p.Key[SettingPrefix.Length..], p => p.Value, StringComparer.Ordinal),
            Cursor = new TrainingCursor((int)fields.Count("epoch", 1, int.MaxValue), (int)fields.Count("sample", 0, int.MaxValue)),
            Order = fields.Text("order"),
            MetricsBytes = fields.Count("metrics_bytes", 0, long.MaxValue),
            Seconds = fields.Number("seconds"),
            Tensors = file.Tensors,
        };
    }

    private static bool HasNonFinite<T>(byte[] bytes) where T : unmanaged, INumberBase<T>
    {
        foreach (T value in MemoryMarshal.Cast<byte, T>(bytes))
        {
            if (!T.IsFinite(value)) return true;
        }

        return false;
    }

    private static void CheckFit(StateTensor target, SafetensorsTensor? source)
    {
        string type = SafetensorsType.Of(target.Value.DType);
        if (source is not null && source.Shape == target.Value.Shape && source.Type == type) return;
        throw new ArgumentException(
            $"The checkpoint has {(source is null ? "no tensor" : $"the tensor {source} for")} {target.Name} {target.Value.Shape} {type}; "
            + "it is of another network or optimizer.");
    }

    private static void Overwrite(Tensor target, SafetensorsTensor source)
    {
        using TensorScope scope = new();
        Device device = target.Device;
        target.CopyFrom(target.DType switch
        {
            DType.Float32 => Tensor.From<float>(device, source.Shape, MemoryMarshal.Cast<byte, float>(source.Bytes)),
            DType.Float64 => Tensor.From<double>(device, source.Shape, MemoryMarshal.Cast<byte, double>(source.Bytes)),
            DType.Int32 => Tensor.From<int>(device, source.Shape, MemoryMarshal.Cast<byte, int>(source.Bytes)),
            _ => Tensor.From<byte>(device, source.Shape, source.Bytes),
        });
    }

    /// <summary>The texts of a file's metadata, each checked.</summary>
    private readonly record struct Fields(string Path, IReadOnlyDictionary<string, string> Metadata)
    {
        public string Text(string name) => Metadata.TryGetValue(name, out string? text) ? text : throw Foreign(name, "nothing", "a text");

        public long Count(string name, long least, long most) =>
            long.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out long count) && count >= least && count <= most
                ? count
                : throw Foreign(name, Text(name), $"{least} to {most}");

        public double Number(string name) =>
            double.TryParse(Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
                ? value
                : throw Foreign(name, Text(name), "a finite number");

        public DataFileException Foreign(string name, string got, string expected) => new(
            Path, 8, $"this is no checkpoint of this program: its text '{name}' is not what one has", got, expected,
            "Give a checkpoint that this version wrote.");
    }
}
