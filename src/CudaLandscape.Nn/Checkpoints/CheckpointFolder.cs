using CudaLandscape.Interop;
using CudaLandscape.Nn.Data;

namespace CudaLandscape.Nn.Checkpoints;

/// <summary>
/// The last checkpoint of a training and the one before it: <c>last.safetensors</c> and <c>prev.safetensors</c>, replaced whole
/// (<see cref="DurableFile"/>), so that at any moment one of them is good.
/// </summary>
/// <param name="path">The folder; made at the first save.</param>
/// <param name="settings">Settings and network of this training, by name.</param>
/// <param name="warn">Receives a line when the last checkpoint cannot be used and the one before it is.</param>
/// <param name="unrelated">Settings that checkpoints tell of and trainings do not depend on: a checkpoint of others fits.</param>
public sealed class CheckpointFolder(
    string path, IReadOnlyDictionary<string, string> settings, Action<string> warn, IReadOnlyCollection<string>? unrelated = null)
{
    /// <summary>The last checkpoint.</summary>
    public string Last { get; } = Path.Combine(path, "last.safetensors");

    /// <summary>The one before it.</summary>
    public string Previous { get; } = Path.Combine(path, "prev.safetensors");

    /// <summary>Settings and network of this training, by name.</summary>
    public IReadOnlyDictionary<string, string> Settings => settings;

    /// <summary>Saves a checkpoint as the last one; the last one becomes the previous one.</summary>
    /// <exception cref="IOException">It cannot be written; the former ones are as they were.</exception>
    public void Save(Checkpoint checkpoint)
    {
        Directory.CreateDirectory(path);
        DurableFile.Replace(Last, stream => SafetensorsWriter.Write(stream, checkpoint.ToFile(), seal: true), Previous);
    }

    /// <summary>The last good checkpoint; null when none was saved.</summary>
    /// <exception cref="DataFileException">There are some, but none is good, or it is of another training; the message says why.</exception>
    /// <exception cref="ArgumentException">Another version wrote the last one in a form that this one does not know.</exception>
    public Checkpoint? Load()
    {
        if (!File.Exists(Last) && !File.Exists(Previous)) return null;
        Checkpoint checkpoint = LoadEither();
        foreach (string name in Settings.Keys.Union(checkpoint.Settings.Keys).Except(unrelated ?? []))
        {
            (string? here, string? there) = (Settings.GetValueOrDefault(name), checkpoint.Settings.GetValueOrDefault(name));
            if (here != there) throw OtherSetting(name, there ?? "nothing", here ?? "nothing");
        }

        return checkpoint;
    }

    private Checkpoint LoadEither()
    {
        try
        {
            return Read(Last);
        }
        catch (DataFileException e) when (File.Exists(Previous))
        {
            Checkpoint previous = Read(Previous);
            warn($"warning: {(File.Exists(Last) ? e.Message : $"{Last} is missing.")} The checkpoint before it is used: {previous.Cursor}.");
            return previous;
        }
    }

    private static Checkpoint Read(string file) => Checkpoint.FromFile(file, SafetensorsReader.Read(file));

    private DataFileException OtherSetting(string name, string there, string here) => new(
        Last, 8, $"the checkpoint is of another training: its {name} differs", there, $"{here}, as asked for now",
        "Use the settings it was made with, or another run folder.");
}
