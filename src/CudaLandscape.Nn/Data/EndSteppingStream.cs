namespace CudaLandscape.Nn.Data;

/// <summary>
/// Hands out a file up to a given end: large pieces first, then the last bytes one at a time. A decoder that reads from
/// it takes no byte beyond what it needs, so <see cref="Taken"/> tells exactly whether it stopped at the end.
/// </summary>
/// <param name="file">The file, standing at offset <paramref name="start"/>.</param>
/// <param name="start">Offset of the first byte.</param>
/// <param name="end">Offset after the last byte.</param>
internal sealed class EndSteppingStream(Stream file, long start, long end) : Stream
{
    private const int SteppedBytes = 64;

    /// <summary>Offset in the file up to which bytes have been handed out.</summary>
    internal long Taken { get; private set; } = start;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        long left = end - Taken;
        long piece = left > SteppedBytes ? left - SteppedBytes : Math.Min(left, 1);
        int got = file.Read(buffer[..(int)Math.Min(piece, buffer.Length)]);
        Taken += got;
        return got;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
