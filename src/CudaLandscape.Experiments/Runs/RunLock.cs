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
        string path = Path.Combine(folder, "lock");
        try
        {
            FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new RunLock(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"{folder} cannot be used: another process is at work on it, or it cannot be written ({e.Message}); wait for that process "
                + "or stop it with SIGTERM.", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
