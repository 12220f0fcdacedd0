using System.Security.Cryptography;

namespace CudaLandscape.Nn.Data.Download;

/// <summary>
/// A file on its way: bytes are appended to PATH.part, which a later run goes on with, and it gets its name only once its
/// content has proved right and is on the disk. Held by one process at a time.
/// </summary>
internal sealed class PartFile : IDisposable
{
    private readonly string _target, _path;
    private readonly FileStream _stream;

    /// <summary>Opens or creates the part of a target.</summary>
    /// <exception cref="DataFileException">The folder cannot be written, or another process holds the part.</exception>
    internal PartFile(string target)
    {
        (_target, _path) = (target, target + ".part");
        _stream = DataFiles.Guard(_path, () =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            FileStream stream = new(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            stream.Seek(0, SeekOrigin.End);
            return stream;
        });
    }

    /// <summary>Bytes so far.</summary>
    internal long Length => _stream.Length;

    /// <summary>Adds the first bytes of a buffer.</summary>
    internal void Append(byte[] buffer, int count) => DataFiles.Guard(_path, () => _stream.Write(buffer, 0, count));

    /// <summary>Drops everything.</summary>
    internal void Clear() => DataFiles.Guard(_path, () => _stream.SetLength(0));

    /// <summary>SHA-256 of what is there, lower-case hex.</summary>
    internal string Sha256() => DataFiles.Guard(_path, () =>
    {
        _stream.Position = 0;
        string hash = Convert.ToHexStringLower(SHA256.HashData(_stream));
        _stream.Seek(0, SeekOrigin.End);
        return hash;
    });

    /// <summary>Writes through to the disk, lets a check read the file, then renames. When the check throws, the part is deleted.</summary>
    internal void Complete(Action<Stream>? check = null)
    {
        try
        {
            DataFiles.Guard(_path, () => _stream.Flush(flushToDisk: true));
            _stream.Position = 0;
            check?.Invoke(_stream);
        }
        catch
        {
            Delete();
            throw;
        }

        _stream.Dispose();
        DataFiles.Guard(_target, () => File.Move(_path, _target, overwrite: true));
    }

    /// <summary>Removes the part.</summary>
    internal void Delete()
    {
        _stream.Dispose();
        File.Delete(_path);
    }

    /// <summary>Lets go of the part, which stays for a later run.</summary>
    public void Dispose() => _stream.Dispose();
}
