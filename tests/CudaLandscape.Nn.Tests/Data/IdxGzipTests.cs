using CudaLandscape.Nn.Data;
using Xunit;

namespace CudaLandscape.Nn.Tests.Data;

public sealed class IdxGzipTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly byte[] _plain = IdxBytes.Images(9, 28, 28);
    private readonly byte[] _packed;

    public IdxGzipTests() => _packed = IdxBytes.Gzip(_plain);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("images")]
    [InlineData("images.gz")]
    public void Gzip_is_known_by_its_content_not_by_its_name(string name)
    {
        IdxContent packed = IdxFile.ReadImages(_folder.Write(name, _packed));
        IdxContent plain = IdxFile.ReadImages(_folder.Write("plain.gz", _plain));
        Assert.Equal(plain.Payload, packed.Payload);
        Assert.Equal(plain.Sha256, packed.Sha256);
    }

    [Fact]
    public void Optional_header_fields_are_passed_over()
    {
        byte[] extra = [0x1f, 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 255, 2, 0, 7, 7, .. "name\0remark\0"u8, 1, 2];
        byte[] bytes = [.. extra, .. _packed[10..]];
        Assert.Equal(_plain[16..], IdxFile.ReadImages(_folder.Write("images", bytes)).Payload);
        for (int length = 2; length < extra.Length; length++)
            Refused(bytes[..length]);
    }

    [Fact]
    public void Truncation_at_every_byte_is_refused()
    {
        for (int length = 0; length < _packed.Length; length++)
            Refused(_packed[..length]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(100)]
    [InlineData(100000)]
    public void Trailing_bytes_are_refused(int count)
    {
        Refused([.. _packed, .. new byte[count]]);
    }

    [Fact]
    public void Trailing_bytes_that_repeat_the_trailer_are_refused()
    {
        Assert.Contains("bytes follow the end", Refused([.. _packed, .. _packed[^8..]]).Reason);
    }

    [Fact]
    public void Further_members_are_refused()
    {
        byte[] empty = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        Assert.Contains("second member", Refused([.. _packed, .. _packed]).Reason);
        Refused([.. _packed, .. empty]);
        Refused([.. empty, .. _packed]);
        Refused([.. IdxBytes.Gzip(_plain[..400]), .. IdxBytes.Gzip(_plain[400..])]);
    }

    [Fact]
    public void A_bomb_is_cut_off_at_the_declared_size()
    {
        byte[] bomb = IdxBytes.Gzip([.. IdxBytes.Header(IdxBytes.ImageMagic, 1, 28, 28), .. new byte[50_000_000]]);
        string path = _folder.Write("images", bomb);
        long before = GC.GetAllocatedBytesForCurrentThread();
        DataFileException error = Assert.Throws<DataFileException>(() => IdxFile.ReadImages(path));
        Assert.Contains("more bytes than declared", error.Reason);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Content_shorter_or_longer_than_declared_by_one_is_refused()
    {
        Refused(IdxBytes.Gzip(_plain[..^1]));
        Refused(IdxBytes.Gzip([.. _plain, 0]));
    }

    [Fact]
    public void Wrong_checksum_size_method_or_flags_are_refused()
    {
        foreach (Index at in new Index[] { ^8, ^5, ^4, ^1, 2 })
            Refused(Changed(at, 1));
        Refused(Changed(3, 0x80));
    }

    private byte[] Changed(Index at, byte mask)
    {
        byte[] bytes = [.. _packed];
        bytes[at] ^= mask;
        return bytes;
    }

    private DataFileException Refused(byte[] bytes)
    {
        string path = _folder.Write("images", bytes);
        return Assert.Throws<DataFileException>(() => IdxFile.ReadImages(path));
    }
}
