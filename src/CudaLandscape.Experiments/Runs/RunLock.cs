namespace CudaLandscape.Experiments.Runs;

/// <summary>Holds a run folder for one process; the system lets go of it when the process ends, however it ends.</summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <summary>Takes the folder.</summary>
    /// <exception cref="IOException">Another process has it, or it cannot be written; the message names both.</exception>
    public static RunLock Take(string folder)
    {
        try
        {
            FileStream file = new(PathIn(folder), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new RunLock(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"{folder} cannot be used: another process is at work on it, or it cannot be written ({e.Message}); wait for that process "
                + "or stop it with SIGTERM.", e);
        }
    }

    /// <summary>
    /// Makes the folder and takes it; null when another has it. Of several that make a folder at once none is told that it
    /// exists, so the one that makes the lock in it has it.
    /// </summary>
    /// <exception cref="IOException">The folder cannot be made or written.</exception>
    public static RunLock? TryClaim(string folder)
    {
        Directory.CreateDirectory(folder);
        string path = PathIn(folder);
        try
        {
            return new RunLock(new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();

    private static string PathIn(string folder) => Path.Combine(folder, "lock");
}
