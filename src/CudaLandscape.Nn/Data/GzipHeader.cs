namespace CudaLandscape.Nn.Data;

/// <summary>The header of a gzip member (RFC 1952, section 2.3).</summary>
internal static class GzipHeader
{
    private const int FixedBytes = 10;
    private const int HeaderCrcFlag = 0x02;
    private const int ExtraFlag = 0x04;
    private const int NameFlag = 0x08;
    private const int CommentFlag = 0x10;
    private const int ReservedFlags = 0xe0;

    /// <summary>Reads past the header of a file that stands at its start.</summary>
    /// <returns>Offset of the first deflate byte, where the file then stands.</returns>
    /// <exception cref="DataFileException">The header is truncated or uses what RFC 1952 does not define.</exception>
    internal static long Skip(string path, Stream file)
    {
        Span<byte> head = stackalloc byte[FixedBytes];
        if (DataFiles.Fill(file, head) != FixedBytes)
            throw Truncated(path, file);

        CheckFixedPart(path, head);
        byte flags = head[3];
        if ((flags & ExtraFlag) != 0)
            SkipBytes(path, file, NextByte(path, file) | (NextByte(path, file) << 8));
        if ((flags & NameFlag) != 0)
            SkipText(path, file);
        if ((flags & CommentFlag) != 0)
            SkipText(path, file);
        if ((flags & HeaderCrcFlag) != 0)
            SkipBytes(path, file, 2);
        return file.Position;
    }

    private static void CheckFixedPart(string path, ReadOnlySpan<byte> head)
    {
        const int DeflateMethod = 8;
        if (head[2] != DeflateMethod)
        {
            throw new DataFileException(
                path, 2, "the gzip method is unknown", $"{head[2]}", "8 (deflate)", DataFiles.Replace);
        }

        if ((head[3] & ReservedFlags) != 0)
        {
            throw new DataFileException(
                path, 3, "reserved gzip flags are set", $"0x{head[3]:x2}", "0x00 to 0x1f", DataFiles.Replace);
        }
    }

    private static void SkipText(string path, Stream file)
    {
        while (NextByte(path, file) != 0)
        {
        }
    }

    private static void SkipBytes(string path, Stream file, int count)
    {
        for (int i = 0; i < count; i++)
            NextByte(path, file);
    }

    private static int NextByte(string path, Stream file)
    {
        int value = file.ReadByte();
        return value >= 0 ? value : throw Truncated(path, file);
    }

    private static DataFileException Truncated(string path, Stream file) =>
        new(path, file.Position, "the gzip header is truncated", $"{file.Position} bytes", "a whole header",
            DataFiles.Replace);
}
