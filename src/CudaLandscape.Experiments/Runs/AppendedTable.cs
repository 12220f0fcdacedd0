using System.Text;

namespace CudaLandscape.Experiments.Runs;

/// <summary>
/// A CSV file that grows row by row, such as the losses of the epochs. A checkpoint remembers its size; rows written after the
/// checkpoint are cut off when the work they are of is done again.
/// </summary>
internal sealed class AppendedTable : IDisposable
{
    private readonly FileStream _file;
    private readonly string _header;

    /// <summary>Opens or creates the file.</summary>
    public AppendedTable(string path, params string[] columns)
    {
        _header = string.Join(',', columns) + "\n";
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
    }

    /// <summary>Appends a row of numbers.</summary>
    public void Append(params ReadOnlySpan<double> values)
    {
        string[] texts = new string[values.Length];
        for (int i = 0; i < texts.Length; i++) texts[i] = MetricsTable.Text(values[i]);
        Write(string.Join(',', texts) + "\n");
    }

    /// <summary>Brings all rows to disk and gives the size of the file in bytes.</summary>
    public long Flush()
    {
        _file.Flush(flushToDisk: true);
        return _file.Length;
    }

    /// <summary>Cuts the file back to a size that <see cref="Flush"/> gave; 0 leaves the header alone.</summary>
    /// <exception cref="IOException">The file is smaller: rows are missing.</exception>
    public void Truncate(long bytes)
    {
        if (bytes > _file.Length)
            throw new IOException(
                $"{_file.Name} has {_file.Length} bytes, but {bytes} when the checkpoint was saved: rows are missing. Restore it, or begin another run.");
        _file.SetLength(bytes);
        _file.Position = bytes;
        if (bytes == 0) Write(_header);
    }

    public void Dispose() => _file.Dispose();

    private void Write(string text)
    {
        _file.Write(Encoding.UTF8.GetBytes(text));
        _file.Flush();
    }
}
