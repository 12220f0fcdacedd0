using System.Text;

namespace CudaLandscape.Interop.Tests;

public sealed class DurableFileTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("cudalandscape-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_file_is_replaced_whole_and_leaves_nothing_beside_it()
    {
        string path = Path.Combine(_root, "a");
        DurableFile.Replace(path, stream => stream.Write("a long first text"u8));
        DurableFile.Replace(path, stream => stream.Write("short"u8));
        Assert.Equal("short", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_root));
    }

    [Fact]
    public void The_former_content_is_kept_where_it_is_asked_for()
    {
        string path = Path.Combine(_root, "last"), former = Path.Combine(_root, "prev");
        foreach (string text in (string[])["1", "2", "3"])
            DurableFile.Replace(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)), former);
        Assert.Equal(("3", "2"), (File.ReadAllText(path), File.ReadAllText(former)));
    }

    [Fact]
    public void The_new_content_has_no_name_until_it_is_complete()
    {
        string path = Path.Combine(_root, "a");
        DurableFile.Replace(path, _ => Assert.False(File.Exists(path)));
        Assert.Empty(File.ReadAllBytes(path));
    }

    [Fact]
    public void A_failure_keeps_the_content_and_names_file_and_cause()
    {
        string path = Path.Combine(_root, "a");
        File.WriteAllText(path, "old");
        string message = Assert.Throws<IOException>(() => DurableFile.Replace(path, _ => throw new IOException("the disk is full"))).Message;
        Assert.Contains(path, message);
        Assert.Contains("the disk is full", message);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_root));
        string missing = Path.Combine(_root, "none", "a");
        Assert.Contains(missing, Assert.Throws<IOException>(() => DurableFile.Replace(missing, _ => { })).Message);
    }

    [Fact]
    public void A_folder_that_is_not_there_cannot_be_brought_to_disk()
    {
        FolderSync.Flush(_root);
        if (OperatingSystem.IsWindows()) return;
        string missing = Path.Combine(_root, "none");
        string message = Assert.Throws<IOException>(() => FolderSync.Flush(missing)).Message;
        Assert.StartsWith($"{missing}: the folder cannot be opened: No such file", message);
    }
}
