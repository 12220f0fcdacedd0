using System.Security.Cryptography;
using CudaLandscape.Nn.Data;

namespace CudaLandscape.Nn.Tests.Data;

public sealed class Cifar10Tests : IDisposable
{
    private const int Records = 12;
    private static readonly string[] s_names = [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin"), "test_batch.bin"];
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("cifar-10-batches-bin")]
    [InlineData("cifar10")]
    [InlineData("cifar10/cifar-10-batches-bin")]
    public void Records_are_read_in_order_with_planes_kept(string under)
    {
        byte[][] files = [.. s_names.Select((name, i) => Write(Path.Combine(under, name), Bytes(i)))];
        (ImageSet train, ImageSet test) = Cifar10.Load(_folder.Root, Records);
        Assert.Equal((5 * Records, Records), (train.Count, test.Count));
        Assert.Equal((3, 32, 32, 10, true), (train.Channels, train.Height, train.Width, train.ClassCount, train.IsReal));
        for (int n = 0; n < train.Count; n++)
        {
            ReadOnlySpan<byte> record = files[n / Records].AsSpan(n % Records * 3073, 3073);
            Assert.Equal(record[0], train.Labels[n]);
            Assert.True(record[1..].SequenceEqual(train.Pixels.AsSpan(n * 3072, 3072)));
        }

        Assert.Equal(files[5][1..3073], test.Pixels[..3072]);
    }

    [Fact]
    public void Other_files_than_the_published_are_marked_as_such()
    {
        WriteAll();
        (ImageSet train, ImageSet test) = Cifar10.Load(_folder.Root, Records);
        Assert.Equal($"CIFAR-10 layout in {_folder.Root}, not the published files (SHA-256 differs) (train)", train.Description);
        Assert.EndsWith("(SHA-256 differs) (test)", test.Description);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([.. train.Pixels, .. train.Labels])), train.Sha256);
    }

    [Fact]
    public void A_file_of_the_published_size_is_read()
    {
        foreach (string name in s_names) _folder.Write(name, new byte[30_730_000]);
        (ImageSet train, ImageSet test) = Cifar10.Load(_folder.Root);
        Assert.Equal((50000, 10000), (train.Count, test.Count));
    }

    [Theory]
    [InlineData(-1, Records * 3073 - 1, "truncated")]
    [InlineData(1, Records * 3073, "bytes follow the last record")]
    [InlineData(3073, Records * 3073, "more records")]
    [InlineData(-3073, Records * 3073 - 3073, "truncated")]
    [InlineData(-Records * 3073, 0, "empty")]
    public void A_file_of_another_length_is_refused(int change, long offset, string reason)
    {
        WriteAll();
        byte[] bytes = Bytes(2);
        Array.Resize(ref bytes, bytes.Length + change);
        CheckRefused(_folder.Write("data_batch_3.bin", bytes), offset, reason);
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(Records - 1, 255)]
    public void A_label_above_nine_is_refused_at_its_offset(int record, byte label)
    {
        WriteAll();
        byte[] bytes = Bytes(5);
        bytes[record * 3073] = label;
        CheckRefused(_folder.Write("test_batch.bin", bytes), record * 3073, $"label {record} is not a class");
    }

    [Fact]
    public void A_missing_file_and_a_missing_folder_are_named()
    {
        WriteAll();
        File.Delete(Path.Combine(_folder.Root, "data_batch_4.bin"));
        var error = Assert.Throws<DataFileException>(() => Cifar10.Load(_folder.Root, Records));
        Assert.Contains("1 of 6 data files are missing", error.Message);
        Assert.Contains("no data_batch_4.bin;", error.Message);
        error = Assert.Throws<DataFileException>(() => Cifar10.Load(Path.Combine(_folder.Root, "none")));
        Assert.Contains("does not exist", error.Message);
    }

    [Fact]
    public void The_pickled_version_is_refused_with_a_hint()
    {
        _folder.Write("cifar-10-batches-py/data_batch_1", [0x80, 2]);
        var error = Assert.Throws<DataFileException>(() => Cifar10.Load(_folder.Root));
        Assert.Contains("pickles", error.Message);
        Assert.Contains("cifar-10-binary.tar.gz", error.Message);
    }

    // Any change of length or of single bytes either gives a set or the one exception, never another.
    [Fact]
    public void Damaged_files_never_fail_otherwise()
    {
        WriteAll();
        System.Random random = new(5);
        int refused = 0;
        for (int i = 0; i < 300; i++)
        {
            byte[] bytes = Bytes(0);
            if (random.Next(2) == 0) Array.Resize(ref bytes, random.Next(2 * bytes.Length));
            else for (int k = 0; k < 40; k++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            _folder.Write("data_batch_1.bin", bytes);
            try
            {
                _ = Cifar10.Load(_folder.Root, Records);
            }
            catch (DataFileException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 100, 299);
    }

    private static byte[] Bytes(int file)
    {
        byte[] bytes = new byte[Records * 3073];
        new System.Random(file).NextBytes(bytes);
        for (int i = 0; i < Records; i++) bytes[i * 3073] = (byte)((file + i) % 10);
        return bytes;
    }

    private void WriteAll()
    {
        for (int i = 0; i < s_names.Length; i++) Write(s_names[i], Bytes(i));
    }

    private byte[] Write(string name, byte[] bytes)
    {
        _folder.Write(name, bytes);
        return bytes;
    }

    private void CheckRefused(string path, long offset, string reason)
    {
        var error = Assert.Throws<DataFileException>(() => Cifar10.Load(_folder.Root, Records));
        Assert.Equal((path, offset), (error.FileName, error.Offset));
        Assert.Contains(reason, error.Reason);
    }
}
