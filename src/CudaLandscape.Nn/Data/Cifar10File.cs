namespace CudaLandscape.Nn.Data;

/// <summary>
/// Reader of one file of CIFAR-10's binary layout: records of one label byte and 3072 pixel bytes, red, green and blue plane
/// one after the other, rows from the top. The file must hold exactly the records asked for.
/// </summary>
internal static class Cifar10File
{
    /// <summary>Bytes of an image.</summary>
    internal const int ImageBytes = Cifar10.Channels * Cifar10.Side * Cifar10.Side;

    /// <summary>Bytes of a record.</summary>
    internal const int RecordBytes = 1 + ImageBytes;

    /// <summary>Reads and checks a file of as many records as there is room for labels.</summary>
    /// <param name="path">The file.</param>
    /// <param name="labels">Receives the labels [N], each below 10.</param>
    /// <param name="pixels">Receives the pixels [N, 3, 32, 32].</param>
    /// <returns>SHA-256 of the file, lower-case hex.</returns>
    /// <exception cref="DataFileException">The file is missing, unreadable, of another size, or holds a label above 9.</exception>
    internal static string Read(string path, Span<byte> labels, Span<byte> pixels)
    {
        long length = DataFiles.LengthOf(path), expected = (long)labels.Length * RecordBytes;
        if (length != expected) throw WrongLength(path, length, expected);
        byte[] content = DataFiles.Allocate(path, expected, 0);
        int got = DataFiles.Guard(path, () =>
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return DataFiles.Fill(file, content);
        });
        if (got < content.Length) throw WrongLength(path, got, expected);
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<byte> record = content.AsSpan(i * RecordBytes, RecordBytes);
            labels[i] = record[0] < Cifar10.ClassCount ? record[0] : throw NoClass(path, i, record[0]);
            record[1..].CopyTo(pixels[(i * ImageBytes)..]);
        }

        return ImageSet.HashOf(content);
    }

    private static DataFileException WrongLength(string path, long length, long expected)
    {
        string reason = length < expected ? "the file is truncated"
            : length % RecordBytes == 0 ? "the file holds more records than a file of this layout"
            : "bytes follow the last record";
        return new(
            path, Math.Min(length, expected), reason, $"{length} bytes",
            $"{expected / RecordBytes} records of {RecordBytes} = {expected} bytes", DataFiles.Replace);
    }

    private static DataFileException NoClass(string path, int record, byte label) => new(
        path, (long)record * RecordBytes, $"label {record} is not a class", $"{label}", $"0 to {Cifar10.ClassCount - 1}",
        "Give a file of CIFAR-10's binary layout.");
}
