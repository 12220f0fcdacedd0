namespace CudaLandscape.Nn.Data;

/// <summary>A data file that is missing, unreadable, damaged or not what its name says.</summary>
/// <remarks>
/// The message always reads: file, offset where there is one, reason, what was got, what was expected, what to do.
/// </remarks>
public sealed class DataFileException : IOException
{
    /// <summary>Builds the exception and its message.</summary>
    /// <param name="fileName">The file (or folder) at fault.</param>
    /// <param name="offset">Byte offset of the fault; see <see cref="Offset"/>.</param>
    /// <param name="reason">What is wrong, as one clause without a full stop.</param>
    /// <param name="got">What was found.</param>
    /// <param name="expected">What should have been found.</param>
    /// <param name="advice">What the reader should do, as a sentence.</param>
    /// <param name="inner">The lower-level cause, when there is one.</param>
    public DataFileException(
        string fileName,
        long offset,
        string reason,
        string got,
        string expected,
        string advice,
        Exception? inner = null)
        : base($"{fileName}{(offset > 0 ? $", offset {offset}" : "")}: {reason}. Got {got.TrimEnd('.')}; expected {expected}. {advice}", inner)
    {
        FileName = fileName;
        Offset = offset;
        Reason = reason;
    }

    /// <summary>The file (or folder) at fault.</summary>
    public string FileName { get; }

    /// <summary>
    /// Byte offset of the fault. It counts bytes of the unpacked content, except where <see cref="Reason"/> speaks of
    /// gzip: then it counts bytes of the packed file. 0 where a whole file or folder is, or the first byte.
    /// </summary>
    public long Offset { get; }

    /// <summary>What is wrong, as one clause.</summary>
    public string Reason { get; }
}
