namespace CudaLandscape.Nn.Data.Download;

/// <summary>A stream that may give so many bytes and no more: what would be more is an error, never memory or disk.</summary>
/// <param name="path">Name for messages.</param>
/// <param name="inner">The stream; not closed by this object.</param>
/// <param name="cap">Bytes allowed.</param>
internal sealed class CappedStream(string path, Stream inner, long cap) : ForwardStream
{
    private long _read;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int got = inner.Read(buffer);
        _read += got;
        return _read <= cap ? got : throw new DataFileException(
            path, cap, "the archive unpacks to more than its contents are known to hold", $"more than {cap} bytes",
            $"at most {cap} bytes", DataFiles.Replace);
    }
}
