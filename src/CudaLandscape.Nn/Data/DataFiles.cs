namespace CudaLandscape.Nn.Data;

/// <summary>Opening and reading data files with every failure turned into <see cref="DataFileException"/>.</summary>
internal static class DataFiles
{
    /// <summary>Advice for a damaged file.</summary>
    internal const string Replace = "Fetch or copy the file again.";

    /// <summary>Size of a file in bytes, found without opening it.</summary>
    /// <exception cref="DataFileException">The file is missing, empty, a folder, or cannot be looked at.</exception>
    internal static long LengthOf(string path)
    {
        if (Directory.Exists(path))
            throw new DataFileException(path, 0, "this is a folder", "a folder", "a file", "Name a file in it.");

        long length = Guard(path, () => LengthBehindLinks(new FileInfo(path)));
        return length switch
        {
            > 0 => length,
            0 => throw new DataFileException(path, 0, "the file is empty", "0 bytes", "a data file", Replace),
            _ => throw new DataFileException(
                path, 0, "the file does not exist", "nothing", "a data file", "Correct the path or fetch the file."),
        };
    }

    /// <summary>Runs an action on a file; a lower-level failure comes out as <see cref="DataFileException"/>.</summary>
    internal static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception cause) when (IsFileTrouble(cause))
        {
            throw new DataFileException(
                path, 0, "the file cannot be read", cause.Message, "a readable file",
                "Check the path, the access rights and the disk.", cause);
        }
    }

    /// <summary>As <see cref="Guard{T}"/>, without a result.</summary>
    internal static void Guard(string path, Action action) => Guard(path, () =>
    {
        action();
        return true;
    });

    /// <summary>Fills the target as far as the stream goes.</summary>
    /// <returns>Bytes read; fewer than asked only at the end of the stream.</returns>
    internal static int Fill(Stream stream, Span<byte> target) =>
        stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);

    /// <summary>Allocates a payload; lack of memory is reported as a fault of the file.</summary>
    internal static byte[] Allocate(string path, long bytes, long offset)
    {
        try
        {
            return new byte[bytes];
        }
        catch (OutOfMemoryException cause)
        {
            throw new DataFileException(
                path, offset, "there is not enough memory for the content", $"{bytes} bytes declared",
                "content that fits in memory", "Use a smaller file or a larger machine.", cause);
        }
    }

    /// <summary>-1 where there is no file. FileInfo gives the size of a link, not of the file behind it.</summary>
    private static long LengthBehindLinks(FileInfo file)
    {
        if (!file.Exists)
            return -1;

        FileInfo target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        return target.Exists ? target.Length : -1;
    }

    private static bool IsFileTrouble(Exception cause) =>
        cause is IOException and not DataFileException
            or UnauthorizedAccessException or ArgumentException or NotSupportedException;
}
