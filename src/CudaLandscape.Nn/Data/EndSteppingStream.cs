namespace CudaLandscape.Nn.Data;

/// <summary>
/// Hands out a file up to a given end: large pieces first, then the last bytes one at a time. A decoder that reads from
/// it takes no byte beyond what it needs, so <see cref="Taken"/> tells exactly whether it stopped at the end.
/// </summary>
/// <param name="file">The file, standing at offset <paramref name="start"/>.</param>
/// <param name="start">Offset of the first byte.</param>
/// <param name="end">Offset after the last byte.</param>
internal sealed class EndSteppingStream(Stream file, long start, long end) : ForwardStream
{
    private const int SteppedBytes = 64;

    /// <summary>Offset in the file up to which bytes have been handed out.</summary>
    internal long Taken { get; private set; } = start;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        long left = end - Taken;
        long piece = left > SteppedBytes ? left - SteppedBytes : Math.Min(left, 1);
        int got = file.Read(buffer[..(int)Math.Min(piece, buffer.Length)]);
        Taken += got;
        return got;
    }
}
