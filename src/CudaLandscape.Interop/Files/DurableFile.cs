namespace CudaLandscape.Interop;

/// <summary>
/// Files that are replaced whole: whatever happens, loss of power included, a path holds the former content or the new one.
/// The new content is written to <c>path.tmp-process</c> in the same folder, brought to disk, renamed, and the folder brought
/// to disk.
/// </summary>
public static class DurableFile
{
    /// <summary>Replaces a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the new content.</param>
    /// <param name="former">Where the former content is kept, in the same folder; null drops it.</param>
    /// <exception cref="IOException">It cannot be written; the message names path and cause, and the former content is still there.</exception>
    public static void Replace(string path, Action<Stream> write, string? former = null)
    {
        string full = Path.GetFullPath(path), folder = Path.GetDirectoryName(full)!;
        string temporary = $"{full}.tmp-{Environment.ProcessId}";
        try
        {
            Fill(temporary, write);
            if (former is not null && File.Exists(full)) File.Move(full, former, overwrite: true);
            File.Move(temporary, full, overwrite: true);
            FolderSync.Flush(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Discard(temporary);
            throw new IOException($"{full} cannot be saved; what was saved before is still there. {e.Message}", e);
        }
    }

    /// <summary>Removes what processes that ended in the middle of <see cref="Replace"/> left in a folder.</summary>
    public static void RemoveLeftovers(string folder)
    {
        foreach (string path in Directory.GetFiles(folder, "*.tmp-*")) Discard(path);
    }

    private static void Fill(string path, Action<Stream> write)
    {
        using FileStream stream = new(path, FileMode.Create, FileAccess.Write, FileShare.None);
        write(stream);
        stream.Flush(flushToDisk: true);
    }

    // It holds nothing anyone needs, and the failure that led here is the one to report.
    private static void Discard(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
