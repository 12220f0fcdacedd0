using System.Buffers.Binary;
using System.IO.Compression;

namespace CudaLandscape.Nn.Data;

/// <summary>
/// A read-only view of the unpacked bytes of a gzip file (RFC 1952) that must be one member and nothing else. The
/// library's own gzip stream joins further members and passes over trailing bytes in silence; here both are errors.
/// </summary>
internal sealed class GzipMember : Stream
{
    private const int TrailerBytes = 8;

    private readonly string _path;
    private readonly Stream _file;
    private readonly long _bodyEnd;
    private readonly EndSteppingStream _body;
    private readonly DeflateStream _inflater;
    private Crc32 _crc;
    private long _unpacked;

    /// <summary>Reads the gzip header; the file must stand at its start.</summary>
    /// <param name="path">Name for messages.</param>
    /// <param name="file">The seekable file; not closed by this object.</param>
    /// <param name="length">Size of the file in bytes.</param>
    /// <exception cref="DataFileException">The header is damaged or the file is too short.</exception>
    internal GzipMember(string path, Stream file, long length)
    {
        (_path, _file, _bodyEnd) = (path, file, length - TrailerBytes);
        long start = GzipHeader.Skip(path, file);
        if (start >= _bodyEnd)
            throw Fault(length, "the gzip file is truncated", $"{length} bytes", $"above {start + TrailerBytes} bytes");

        _body = new EndSteppingStream(file, start, _bodyEnd);
        _inflater = new DeflateStream(_body, CompressionMode.Decompress);
    }

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

    /// <summary>True when the file starts with the gzip mark 1f 8b; leaves the file at its start.</summary>
    internal static bool IsGzip(Stream file)
    {
        Span<byte> mark = stackalloc byte[2];
        int got = DataFiles.Fill(file, mark);
        file.Position = 0;
        return got == 2 && mark[0] == 0x1f && mark[1] == 0x8b;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int got = Inflate(buffer);
        _crc.Add(buffer[..got]);
        _unpacked += got;
        return got;
    }

    /// <summary>Checks that the bytes read were all: no more output, no more members, right checksum.</summary>
    /// <exception cref="DataFileException">The member goes on, the file goes on, or the checksum differs.</exception>
    internal void CheckEnd()
    {
        Span<byte> one = stackalloc byte[1];
        if (Inflate(one) != 0)
        {
            throw Fault(_body.Taken, "the gzip member unpacks to more bytes than declared",
                $"more than {_unpacked} bytes", $"{_unpacked} bytes");
        }

        if (_body.Taken != _bodyEnd)
        {
            throw Fault(_body.Taken, "bytes follow the end of the gzip member (a second member or garbage)",
                $"{_bodyEnd + TrailerBytes} bytes in the file", "the file to end with the first member");
        }

        CheckTrailer();
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

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _inflater.Dispose();
        base.Dispose(disposing);
    }

    private int Inflate(Span<byte> buffer)
    {
        try
        {
            return _inflater.Read(buffer);
        }
        catch (InvalidDataException cause)
        {
            const string reason = "the gzip content is damaged or truncated";
            throw Fault(_body.Taken, reason, cause.Message, "valid deflate data", cause);
        }
    }

    private void CheckTrailer()
    {
        Span<byte> trailer = stackalloc byte[TrailerBytes];
        if (DataFiles.Fill(_file, trailer) != TrailerBytes)
            throw Fault(_bodyEnd, "the gzip trailer is truncated", "fewer bytes", $"{TrailerBytes} bytes");

        (uint crc, uint size) = (BinaryPrimitives.ReadUInt32LittleEndian(trailer),
            BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]));
        if (crc != _crc.Value || size != (uint)_unpacked)
        {
            throw Fault(_bodyEnd, "the gzip trailer does not match the content",
                $"CRC-32 0x{_crc.Value:x8} and {(uint)_unpacked} bytes", $"0x{crc:x8} and {size} bytes");
        }
    }

    private DataFileException Fault(
        long offset, string reason, string got, string expected, Exception? cause = null) =>
        new(_path, offset, reason, got, expected, DataFiles.Replace, cause);
}
