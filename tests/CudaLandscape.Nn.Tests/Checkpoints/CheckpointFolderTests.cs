using CudaLandscape.Interop;
using CudaLandscape.Nn.Checkpoints;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Tests.Data;
using CudaLandscape.Nn.Training;

namespace CudaLandscape.Nn.Tests.Checkpoints;

public sealed class CheckpointFolderTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly List<string> _warnings = [];

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void What_was_saved_last_is_loaded_and_the_one_before_it_is_kept()
    {
        CheckpointFolder folder = Folder();
        Assert.Null(folder.Load());
        for (int epoch = 1; epoch <= 3; epoch++) folder.Save(At(epoch));
        Checkpoint loaded = folder.Load()!;
        Assert.Equal(new TrainingCursor(3, 5), loaded.Cursor);
        Assert.Equal(("key 3", 300L, 0.1 + 0.2), (loaded.Order, loaded.MetricsBytes, loaded.Seconds));
        Assert.Equal(SafetensorsBytes.Content().Tensors[0].Bytes, loaded.Tensors[0].Bytes);
        File.Delete(folder.Last);
        Assert.Equal(2, folder.Load()!.Cursor.Epoch);
        Assert.Equal(["prev.safetensors"], Directory.GetFiles(Path.GetDirectoryName(folder.Last)!).Select(f => Path.GetFileName(f)!));
    }

    [Fact]
    public void A_missing_or_damaged_last_one_is_named_and_the_previous_one_used()
    {
        CheckpointFolder folder = Folder();
        folder.Save(At(1));
        folder.Save(At(2));
        byte[] good = File.ReadAllBytes(folder.Last);
        Action[] harms =
        [
            () => File.Delete(folder.Last), () => File.WriteAllBytes(folder.Last, []), () => File.WriteAllBytes(folder.Last, good[..^1]),
            () => File.WriteAllBytes(folder.Last, [.. good[..^1], (byte)(good[^1] ^ 1)]), () => File.WriteAllText(folder.Last, "no checkpoint"),
            () => File.WriteAllBytes(folder.Last, SafetensorsBytes.Small(seal: true)), () => File.WriteAllBytes(folder.Last, SafetensorsBytes.Small(seal: false)),
        ];
        foreach (Action harm in harms)
        {
            _warnings.Clear();
            harm();
            Assert.Equal(1, folder.Load()!.Cursor.Epoch);
            string warning = Assert.Single(_warnings);
            Assert.StartsWith($"warning: {folder.Last}", warning);
            Assert.Contains("epoch 1, sample 5", warning);
        }
    }

    [Fact]
    public void Two_damaged_ones_are_an_error_that_names_the_file()
    {
        CheckpointFolder folder = Folder();
        folder.Save(At(1));
        File.WriteAllText(folder.Last, "damaged");
        Assert.Contains(folder.Last, Assert.Throws<DataFileException>(folder.Load).Message);
        File.WriteAllText(folder.Previous, "damaged");
        Assert.Contains(folder.Previous, Assert.Throws<DataFileException>(folder.Load).Message);
    }

    [Theory]
    [InlineData("lr", "0.1", "its lr differs", "Got 0.01; expected 0.1")]
    [InlineData("network", "fc1 Linear", "its network differs", "Got nothing; expected fc1 Linear")]
    public void Another_setting_is_named_with_both_values(string name, string value, string named, string values)
    {
        Folder().Save(At(1));
        Dictionary<string, string> others = new(s_settings) { [name] = value };
        CheckpointFolder other = new(Path.Combine(_temp.Root, "run"), others, _warnings.Add);
        string message = Assert.Throws<DataFileException>(other.Load).Message;
        Assert.Contains(named, message);
        Assert.Contains(values, message);
    }

    [Theory]
    [InlineData("epoch", "0")]
    [InlineData("epoch", "1e3")]
    [InlineData("sample", "-1")]
    [InlineData("sample", "99999999999")]
    [InlineData("metrics_bytes", "x")]
    [InlineData("seconds", "NaN")]
    [InlineData("order", null)]
    [InlineData("format", "another.checkpoint/1")]
    public void A_field_out_of_range_is_named(string name, string? value)
    {
        Dictionary<string, string> metadata = new(At(1).ToFile().Metadata) { [SafetensorsFile.SealName] = "" };
        if (value is null) metadata.Remove(name);
        else metadata[name] = value;
        var error = Assert.Throws<DataFileException>(() => Checkpoint.FromFile("x", new SafetensorsFile(metadata, [])));
        Assert.Contains($"'{name}'", error.Message);
    }

    // It is not damaged: the checkpoint before it must not be used in its place.
    [Fact]
    public void A_checkpoint_in_the_form_of_a_later_version_is_refused_by_its_name()
    {
        CheckpointFolder folder = Folder();
        folder.Save(At(1));
        folder.Save(At(2));
        SafetensorsFile file = At(3).ToFile();
        Dictionary<string, string> metadata = new(file.Metadata) { ["format"] = "cudalandscape.checkpoint/2" };
        using (FileStream stream = File.Create(folder.Last)) SafetensorsWriter.Write(stream, file with { Metadata = metadata }, seal: true);
        string message = Assert.Throws<ArgumentException>(folder.Load).Message;
        Assert.Contains(folder.Last, message);
        Assert.Contains("the form cudalandscape.checkpoint/2, this version knows cudalandscape.checkpoint/1", message);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void The_first_tensor_that_is_not_finite_is_found()
    {
        Assert.Null(At(1).FirstNonFinite());
        foreach (byte[] bits in (byte[][])[[0, 0, 0x80, 0x7f], [0, 0, 0x80, 0xff], [0, 0, 0xc0, 0x7f]])
        {
            SafetensorsTensor[] tensors = [new("a", "F32", [1], [1, 2, 3, 4]), new("b", "F32", [2], [0, 0, 0, 0, .. bits])];
            Assert.Equal("b", (At(1) with { Tensors = tensors }).FirstNonFinite());
        }

        Assert.Equal("c", (At(1) with { Tensors = [new("c", "F64", [], BitConverter.GetBytes(double.NaN))] }).FirstNonFinite());
        Assert.Null((At(1) with { Tensors = [new("d", "I32", [1], [0xff, 0xff, 0xff, 0xff])] }).FirstNonFinite());
    }

    [Fact]
    public void A_full_disk_leaves_the_former_ones_and_no_rest()
    {
        CheckpointFolder folder = Folder();
        folder.Save(At(1));
        folder.Save(At(2));
        Dictionary<string, byte[]> before = Directory.GetFiles(Path.GetDirectoryName(folder.Last)!).ToDictionary(f => f, File.ReadAllBytes);
        IOException error = Assert.Throws<IOException>(() => DurableFile.Replace(
            folder.Last, _ => throw new IOException("No space left on device"), folder.Previous));
        Assert.Contains(folder.Last, error.Message);
        Assert.Contains("No space left on device", error.Message);
        Assert.Contains("what was saved before is still there", error.Message);
        Assert.Equal(before, Directory.GetFiles(Path.GetDirectoryName(folder.Last)!).ToDictionary(f => f, File.ReadAllBytes));
    }

    [Fact]
    public void Leftovers_of_dead_processes_are_removed()
    {
        string below = Directory.CreateDirectory(Path.Combine(_temp.Root, "rows", "a")).FullName;
        File.WriteAllText(Path.Combine(below, "last.safetensors.tmp-123"), "half");
        File.WriteAllText(Path.Combine(below, "last.safetensors"), "whole");
        DurableFile.RemoveLeftovers(_temp.Root);
        Assert.Equal(["last.safetensors"], Directory.GetFiles(below).Select(f => Path.GetFileName(f)!));
    }

    private static readonly Dictionary<string, string> s_settings = new() { ["lr"] = "0.01" };

    private static Checkpoint At(int epoch) => new()
    {
        Settings = s_settings, Cursor = new TrainingCursor(epoch, 5), Order = $"key {epoch}", MetricsBytes = 100 * epoch, Seconds = 0.1 + 0.2,
        Tensors = SafetensorsBytes.Content().Tensors,
    };

    private CheckpointFolder Folder() => new(Path.Combine(_temp.Root, "run"), s_settings, _warnings.Add);
}
