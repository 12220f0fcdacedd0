using System.Security.Cryptography;

namespace CudaLandscape.Nn.Data.Download;

/// <summary>Hashes of files, unpacked on the way where they are gzip.</summary>
internal static class GzipContent
{
    /// <summary>Checks that a gzip file is one member that unpacks to exactly the wanted file.</summary>
    /// <exception cref="DataFileException">It is not.</exception>
    internal static void Check(string path, Stream packed, UnpackedFile wanted)
    {
        if (!GzipMember.IsGzip(packed))
            throw new DataFileException(path, 0, "this is not a gzip file", "other bytes", "1f 8b", DataFiles.Replace);
        string hash = HashMember(path, packed, packed.Length, wanted.Bytes);
        if (hash != wanted.Sha256)
            throw new DataFileException(
                path, 0, "the unpacked content is not the published", $"SHA-256 {hash}", wanted.Sha256, DataFiles.Replace);
    }

    /// <summary>SHA-256 and size of a file's content, unpacked if it is gzip, read no further than one byte beyond a limit.</summary>
    /// <exception cref="DataFileException">The file cannot be read, or is gzip and damaged or larger than the limit.</exception>
    internal static string Hash(string path, long limit)
    {
        long length = DataFiles.LengthOf(path);
        return DataFiles.Guard(path, () =>
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (GzipMember.IsGzip(file)) return HashMember(path, file, length, limit);
            return length == limit ? Convert.ToHexStringLower(SHA256.HashData(file)) : throw WrongLength(path, length, limit);
        });
    }

    private static string HashMember(string path, Stream file, long length, long bytes)
    {
        using GzipMember member = new(path, file, length);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 16];
        for (long left = bytes; left > 0;)
        {
            int got = member.Read(buffer.AsSpan(0, (int)Math.Min(left, buffer.Length)));
            if (got == 0) throw WrongLength(path, bytes - left, bytes);
            hash.AppendData(buffer, 0, got);
            left -= got;
        }

        member.CheckEnd();
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static DataFileException WrongLength(string path, long got, long expected) => new(
        path, Math.Min(got, expected), "the content has another size than the published", $"{got} bytes", $"{expected} bytes",
        DataFiles.Replace);
}
