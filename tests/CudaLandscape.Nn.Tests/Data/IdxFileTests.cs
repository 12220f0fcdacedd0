using System.Security.Cryptography;
using CudaLandscape.Nn.Data;
using Xunit;

namespace CudaLandscape.Nn.Tests.Data;

public sealed class IdxFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images_are_read_with_sizes_pixels_and_hash()
    {
        byte[] bytes = IdxBytes.Images(3, 4, 5);
        IdxContent content = IdxFile.ReadImages(_folder.Write("images", bytes));
        Assert.Equal((3, 4, 5), (content.Count, content.Rows, content.Columns));
        Assert.Equal(bytes[16..], content.Payload);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), content.Sha256);
    }

    [Fact]
    public void Labels_are_read()
    {
        IdxContent content = IdxFile.ReadLabels(_folder.Write("labels", IdxBytes.Labels(12)));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1], content.Payload);
    }

    [Fact]
    public void Truncation_at_every_byte_is_refused()
    {
        byte[] images = IdxBytes.Images(3, 4, 5), labels = IdxBytes.Labels(7);
        for (int length = 0; length < images.Length; length++)
            Refused(() => IdxFile.ReadImages(_folder.Write("images", images[..length])));
        for (int length = 0; length < labels.Length; length++)
            Refused(() => IdxFile.ReadLabels(_folder.Write("labels", labels[..length])));
    }

    [Fact]
    public void Truncation_is_named_with_both_sizes_and_the_offset()
    {
        string path = _folder.Write("images", IdxBytes.Images(3, 4, 5)[..^1]);
        DataFileException error = Refused(() => IdxFile.ReadImages(path));
        Assert.Equal((path, 75L, "the file is truncated"), (error.FileName, error.Offset, error.Reason));
        Assert.Contains("Got 75 bytes; expected 16 + 3 x 4 x 5 = 76 bytes", error.Message);
    }

    [Fact]
    public void One_byte_too_many_is_refused()
    {
        DataFileException images =
            Refused(() => IdxFile.ReadImages(_folder.Write("images", [.. IdxBytes.Images(3, 4, 5), 0])));
        Assert.Equal((76L, "bytes follow the declared content"), (images.Offset, images.Reason));
        Refused(() => IdxFile.ReadLabels(_folder.Write("labels", [.. IdxBytes.Labels(7), 0])));
    }

    [Theory]
    [InlineData(0x802u)]
    [InlineData(0x03080000u)]
    [InlineData(0x00000d03u)]
    [InlineData(0u)]
    public void Wrong_magic_is_refused(uint magic)
    {
        byte[] bytes = [.. IdxBytes.Header(magic, 1, 1, 1), 9];
        DataFileException error = Refused(() => IdxFile.ReadImages(_folder.Write("images", bytes)));
        Assert.Contains($"Got magic 0x{magic:x8}; expected 0x00000803 (images)", error.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Labels_given_as_images_are_named_as_such(bool packed)
    {
        byte[] labels = packed ? IdxBytes.Gzip(IdxBytes.Labels(7)) : IdxBytes.Labels(7);
        DataFileException error =
            Refused(() => IdxFile.ReadImages(_folder.Write("train-images-idx3-ubyte", labels)));
        Assert.Contains("train-images-idx3-ubyte holds labels, but images were asked for", error.Reason);
    }

    [Fact]
    public void Images_given_as_labels_are_named_as_such()
    {
        DataFileException error =
            Refused(() => IdxFile.ReadLabels(_folder.Write("labels", IdxBytes.Images(3, 4, 5))));
        Assert.Contains("labels holds images, but labels were asked for", error.Reason);
    }

    [Fact]
    public void A_label_of_ten_is_named_with_its_index()
    {
        byte[] bytes = IdxBytes.Labels(7);
        bytes[8 + 5] = 10;
        DataFileException error = Refused(() => IdxFile.ReadLabels(_folder.Write("labels", bytes)));
        Assert.Equal((13L, "label 5 is not a class"), (error.Offset, error.Reason));
    }

    [Theory]
    [InlineData(0u, 4u, 5u, 4L)]
    [InlineData(3u, 0u, 5u, 8L)]
    [InlineData(3u, 4u, 0u, 12L)]
    [InlineData(3u, 4097u, 5u, 8L)]
    [InlineData(3u, 4u, 4097u, 12L)]
    [InlineData(3u, 4u, uint.MaxValue, 12L)]
    public void Sizes_out_of_range_are_refused_where_they_stand(uint count, uint rows, uint columns, long offset)
    {
        byte[] bytes = IdxBytes.Header(IdxBytes.ImageMagic, count, rows, columns);
        Assert.Equal(offset, Refused(() => IdxFile.ReadImages(_folder.Write("images", bytes))).Offset);
    }

    [Theory]
    [InlineData(0x80000000u, false)]
    [InlineData(0x80000000u, true)]
    [InlineData(uint.MaxValue, false)]
    [InlineData(uint.MaxValue, true)]
    [InlineData(60u, true)]
    public void Huge_declared_sizes_are_refused_before_memory_is_taken(uint count, bool packed)
    {
        byte[] bytes = [.. IdxBytes.Header(IdxBytes.ImageMagic, count, 4096, 4096), 1, 2, 3];
        string path = _folder.Write("images", packed ? IdxBytes.Gzip(bytes) : bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refused(() => IdxFile.ReadImages(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_matching_file_above_the_limit_is_refused_before_memory_is_taken()
    {
        string path = _folder.Write("images", IdxBytes.Header(IdxBytes.ImageMagic, 65, 4096, 4096));
        using (FileStream sparse = File.OpenWrite(path))
            sparse.SetLength(16 + 65L * 4096 * 4096);
        Assert.Contains("larger than this reader accepts", Refused(() => IdxFile.ReadImages(path)).Reason);
    }

    [Fact]
    public void Missing_empty_and_folder_paths_are_refused_by_name()
    {
        string missing = Path.Combine(_folder.Root, "none");
        Assert.Equal("the file does not exist", Refused(() => IdxFile.ReadImages(missing)).Reason);
        Assert.Equal("the file is empty", Refused(() => IdxFile.ReadImages(_folder.Write("empty", []))).Reason);
        Assert.Equal("this is a folder", Refused(() => IdxFile.ReadImages(_folder.Root)).Reason);
        Refused(() => IdxFile.ReadLabels(""));
        Refused(() => IdxFile.ReadLabels("a\0b"));
        Assert.Throws<ArgumentNullException>(() => IdxFile.ReadLabels(null!));
    }

    [Fact]
    public void A_link_is_read_as_the_file_behind_it()
    {
        _folder.Write("images", IdxBytes.Images(3, 4, 5));
        string link = Path.Combine(_folder.Root, "link"), second = Path.Combine(_folder.Root, "second");
        File.CreateSymbolicLink(link, "images");
        File.CreateSymbolicLink(second, link);
        Assert.Equal(3, IdxFile.ReadImages(second).Count);
        File.Delete(Path.Combine(_folder.Root, "images"));
        Assert.Equal("the file does not exist", Refused(() => IdxFile.ReadImages(second)).Reason);
    }

    private static DataFileException Refused(Action action) => Assert.Throws<DataFileException>(action);
}
