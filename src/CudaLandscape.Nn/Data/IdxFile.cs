namespace CudaLandscape.Nn.Data;

/// <summary>
/// Reader of IDX files of unsigned bytes, plain or gzip (told apart by content, not by name). A file is accepted only
/// when its size is exactly <c>header + N*rows*columns</c>; nothing is allocated before that has been made plausible.
/// </summary>
public static class IdxFile
{
    /// <summary>Labels are below this.</summary>
    public const int ClassCount = 10;

    /// <summary>Largest accepted payload in bytes (1 GiB; MNIST has 47 MB).</summary>
    public const long MaxPayloadBytes = 1L << 30;

    /// <summary>Deflate cannot pack more than 258 bytes into 2 bits: 1032 to 1.</summary>
    private const long MaxPackingRatio = 1032;

    /// <summary>Reads an image file: magic 0x00000803, N, rows, columns (at most 4096 each), the pixels.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The checked content, payload shape [N, rows, columns].</returns>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="DataFileException">The file is missing, unreadable or not exactly such a file.</exception>
    public static IdxContent ReadImages(string path) => Read(path, IdxHeader.ImageMagic);

    /// <summary>Reads a label file: magic 0x00000801, N, then N labels below <see cref="ClassCount"/>.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The checked content, payload shape [N].</returns>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="DataFileException">The file is missing, unreadable or not exactly such a file.</exception>
    public static IdxContent ReadLabels(string path)
    {
        IdxContent content = Read(path, IdxHeader.LabelMagic);
        int bad = content.Payload.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(ClassCount - 1));
        if (bad < 0)
            return content;

        throw new DataFileException(
            path, content.Header.Length + bad, $"label {bad} is not a class", $"{content.Payload[bad]}",
            $"0 to {ClassCount - 1}", "Give labels of ten classes.");
    }

    private static IdxContent Read(string path, uint magic)
    {
        ArgumentNullException.ThrowIfNull(path);
        long length = DataFiles.LengthOf(path);
        return DataFiles.Guard(path, () =>
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            bool packed = GzipMember.IsGzip(file);
            return packed ? ReadPacked(path, file, length, magic) : ReadPlain(path, file, length, magic);
        });
    }

    private static IdxContent ReadPlain(string path, Stream file, long length, uint magic)
    {
        byte[] header = ReadHeader(path, file, magic);
        IdxHeader sizes = IdxHeader.Parse(path, header);
        if (sizes.TotalBytes != length)
            throw WrongLength(path, sizes, length);

        CheckLimit(path, sizes);
        return Complete(path, header, sizes, ReadPayload(path, file, sizes));
    }

    private static IdxContent ReadPacked(string path, Stream file, long length, uint magic)
    {
        using GzipMember member = new(path, file, length);
        byte[] header = ReadHeader(path, member, magic);
        IdxHeader sizes = IdxHeader.Parse(path, header);
        if (sizes.TotalBytes > length * MaxPackingRatio)
            throw TooMuchForGzip(path, sizes, length);

        CheckLimit(path, sizes);
        byte[] payload = ReadPayload(path, member, sizes);
        member.CheckEnd();
        return Complete(path, header, sizes, payload);
    }

    private static byte[] ReadHeader(string path, Stream stream, uint magic)
    {
        byte[] header = new byte[IdxHeader.SizeFor(magic)];
        int got = DataFiles.Fill(stream, header);
        if (got >= 4)
            IdxHeader.CheckMagic(path, header, magic);
        if (got < header.Length)
            throw Truncated(path, got, header.Length, "the file ends inside the IDX header");
        return header;
    }

    private static byte[] ReadPayload(string path, Stream stream, IdxHeader sizes)
    {
        byte[] payload = DataFiles.Allocate(path, sizes.PayloadBytes, sizes.HeaderBytes);
        int got = DataFiles.Fill(stream, payload);
        if (got < payload.Length)
            throw Truncated(path, sizes.HeaderBytes + got, sizes.TotalBytes, "the content ends too early");
        return payload;
    }

    private static void CheckLimit(string path, IdxHeader sizes)
    {
        if (sizes.PayloadBytes <= MaxPayloadBytes)
            return;

        throw new DataFileException(
            path, 4, "the declared content is larger than this reader accepts", $"{sizes.PayloadBytes} bytes",
            $"at most {MaxPayloadBytes} bytes", "Split the file.");
    }

    private static IdxContent Complete(string path, byte[] header, IdxHeader sizes, byte[] payload) =>
        new(path, (int)sizes.Count, (int)sizes.Rows, (int)sizes.Columns, header, payload,
            ImageSet.HashOf(header, payload));

    private static DataFileException Truncated(string path, long got, long expected, string reason) =>
        new(path, got, reason, $"{got} bytes", $"{expected} bytes", DataFiles.Replace);

    private static DataFileException WrongLength(string path, IdxHeader sizes, long length) =>
        new(path, Math.Min(length, sizes.TotalBytes),
            length < sizes.TotalBytes ? "the file is truncated" : "bytes follow the declared content",
            $"{length} bytes", $"{Declared(sizes)} bytes", DataFiles.Replace);

    private static DataFileException TooMuchForGzip(string path, IdxHeader sizes, long length) =>
        new(path, 4, "the header declares more than a gzip file of this size can hold", $"{Declared(sizes)} bytes",
            $"at most {length * MaxPackingRatio} bytes from {length} packed bytes", DataFiles.Replace);

    private static string Declared(IdxHeader sizes) =>
        $"{sizes.HeaderBytes} + {sizes.Count} x {sizes.Rows} x {sizes.Columns} = {sizes.TotalBytes}";
}
