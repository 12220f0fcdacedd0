using System.Runtime.InteropServices;
using System.Text;
using CudaLandscape.Nn.Checkpoints;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Tests.Data;

namespace CudaLandscape.Nn.Tests.Checkpoints;

public sealed class SafetensorsTests : IDisposable
{
    private const string Fixture = "Fixtures/hand_written.safetensors";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_written_byte_by_byte_elsewhere_is_read()
    {
        SafetensorsFile file = SafetensorsReader.Read(FixturePath);
        Assert.Equal(("pt", "quoted \"text\" \\ ü", false), (file.Metadata["format"], file.Metadata["note"], file.IsSealed));
        Assert.Equal(
            ["weight [2,3] F32", "scale [] F64", "nothing [0,4] I32", "steps [1] I64", "half [2] BF16", "größe [5] U8"],
            file.Tensors.Select(t => t.ToString()));
        Assert.Equal([1.5f, -2f, 0.1f, 3e38f, -0f, 1e-45f], MemoryMarshal.Cast<byte, float>(file.Tensors[0].Bytes).ToArray());
        Assert.Equal([0.1], MemoryMarshal.Cast<byte, double>(file.Tensors[1].Bytes).ToArray());
        Assert.Equal([-(1L << 62)], MemoryMarshal.Cast<byte, long>(file.Tensors[3].Bytes).ToArray());
        Assert.Equal([0, 1, 127, 128, 255], file.Tensors[5].Bytes);
    }

    [Fact]
    public void Written_again_it_has_the_same_bytes()
    {
        using MemoryStream stream = new();
        SafetensorsWriter.Write(stream, SafetensorsReader.Read(FixturePath), seal: false);
        Assert.Equal(File.ReadAllBytes(FixturePath), stream.ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_written_is_read(bool seal)
    {
        SafetensorsFile file = SafetensorsReader.Read(_folder.Write("x", SafetensorsBytes.Small(seal)));
        Assert.Equal(seal, file.IsSealed);
        SafetensorsBytes.AssertSame(SafetensorsBytes.Content(), file);
    }

    [Fact]
    public void A_seal_is_replaced_when_a_file_is_written_again()
    {
        byte[] first = SafetensorsBytes.Small(seal: true);
        using MemoryStream stream = new();
        SafetensorsWriter.Write(stream, SafetensorsReader.Read(_folder.Write("x", first)), seal: true);
        Assert.Equal(first, stream.ToArray());
    }

    [Fact]
    public void The_seal_is_the_hash_of_the_file_with_zeros_in_its_place()
    {
        byte[] bytes = SafetensorsBytes.Small(seal: true);
        string stated = SafetensorsReader.Read(_folder.Write("x", bytes)).Metadata[SafetensorsFile.SealName];
        string text = Encoding.Latin1.GetString(bytes);
        byte[] zeroed = Encoding.Latin1.GetBytes(text.Replace(stated, new string('0', 64)));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(zeroed)), stated);
    }

    [Fact]
    public void Every_bit_of_a_sealed_file_counts()
    {
        byte[] bytes = SafetensorsBytes.Small(seal: true);
        for (int bit = 0; bit < 8 * bytes.Length; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            string path = _folder.Write("x", bytes);
            try
            {
                Assert.False(SafetensorsReader.Read(path).IsSealed, $"bit {bit}: the change was not noticed");
            }
            catch (DataFileException)
            {
            }

            bytes[bit / 8] ^= (byte)(1 << bit % 8);
        }
    }

    [Theory]
    [InlineData("[]", "does not begin")]
    [InlineData(" {}", "does not begin")]
    [InlineData("{}\n", "does not end")]
    [InlineData("{} {}", "JSON")]
    [InlineData("{\"a\":1}", "another structure")]
    [InlineData("{\"a\":{}}", "not described in full")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", "not described in full")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}", "not described in full")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}}", "not described in full")]
    [InlineData("{\"a\":{\"dtype\":\"F33\",\"shape\":[1],\"data_offsets\":[0,4]}}", "element type")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", "twice")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}", "twice")]
    [InlineData("{\"__metadata__\":{\"x\":\"1\",\"\\u0078\":\"2\"}}", "twice")]
    [InlineData("{\"__metadata__\":{\"x\":1}}", "another structure")]
    [InlineData("{\"__metadata__\":{\"x\":{\"y\":\"z\"}}}", "another structure")]
    [InlineData("{\"__metadata__\":{\"x\":\"\\ud800\"}}", "Unicode")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"more\":1}}", "unknown field")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", "out of range")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}", "out of range")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775808],\"data_offsets\":[0,4]}}", "out of range")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", "another size")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", "begin")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", "begin")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}", "another size")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,9223372036854775807,9223372036854775807],\"data_offsets\":[0,4]}}", "another size")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,9223372036854775807,0],\"data_offsets\":[0,0]},\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}", "impossible shape")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[9223372036854775807],\"data_offsets\":[0,9223372036854775807]}}", "larger than")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[5],\"data_offsets\":[0,5]}}", "fill the file")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]},\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}}", "begin")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}}", "begin")]
    [InlineData("{\"__metadata__\":{\"cudalandscape.sha256\":\"00\"}}", "no SHA-256")]
    [InlineData("{\"a\":[[[[[1]]]]]}", "another structure")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[[1]],\"data_offsets\":[0,4]}}", "out of range")]
    [InlineData("{/**/}", "JSON")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1,],\"data_offsets\":[0,4]}}", "JSON")]
    public void A_wrong_header_is_refused_with_place_and_reason(string header, string reason)
    {
        string path = _folder.Write("x", SafetensorsBytes.With(header, payload: 4));
        var error = Assert.Throws<DataFileException>(() => SafetensorsReader.Read(path));
        Assert.Contains(reason, error.Message);
        Assert.StartsWith($"{path}, offset ", error.Message);
        Assert.InRange(error.Offset, 8, 8 + header.Length);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 1, 2, 3 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 2, 0, 0, 0, 0, 0, 0, 0, 0x7b })]
    [InlineData(new byte[] { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7b, 0x7d })]
    [InlineData(new byte[] { 3, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0xff, 0x7d })]
    public void A_file_that_is_too_short_or_no_text_is_refused(byte[] bytes) =>
        Assert.Throws<DataFileException>(() => SafetensorsReader.Read(_folder.Write("x", bytes)));

    [Fact]
    public void A_missing_file_or_a_folder_is_refused()
    {
        foreach (string path in (string[])[Path.Combine(_folder.Root, "none"), _folder.Root])
            Assert.Contains(path, Assert.Throws<DataFileException>(() => SafetensorsReader.Read(path)).Message);
    }

    [Fact]
    public void A_file_without_tensors_is_read() =>
        Assert.Empty(SafetensorsReader.Read(_folder.Write("x", SafetensorsBytes.With("{}   "))).Tensors);

    [Fact]
    public void Edited_files_give_whole_tensors_or_the_typed_error()
    {
        Random random = new(11);
        byte[] valid = SafetensorsBytes.Small(seal: false);
        int accepted = 0;
        const int runs = 20000;
        for (int i = 0; i < runs; i++)
        {
            byte[] edited = ByteEdits.Edit(valid, random);
            string path = _folder.Write("edited", edited);
            try
            {
                SafetensorsFile file = SafetensorsReader.Read(path);
                Assert.All(file.Tensors, t => Assert.Equal(t.Shape.ElementCount * SafetensorsType.SizeBytes(t.Type), t.Bytes.Length));
                accepted++;
            }
            catch (DataFileException error)
            {
                Assert.Contains(path, error.Message);
                Assert.InRange(error.Offset, 0, edited.Length);
            }
        }

        Assert.InRange(accepted, 1, runs - 1);
    }

    [Fact]
    public void The_writer_refuses_what_the_reader_would()
    {
        Assert.Contains("second tensor", Refused(new("a", "U8", [1], [0]), new("a", "U8", [1], [0])));
        Assert.Contains("needs 8 bytes, got 4", Refused(new SafetensorsTensor("a", "F64", [1], new byte[4])));
        Assert.Contains("no such type", Refused(new SafetensorsTensor("a", "F33", [1], new byte[4])));
        Assert.Contains("second tensor", Refused(new SafetensorsTensor("__metadata__", "U8", [0], [])));
    }

    private static string FixturePath => Path.Combine(AppContext.BaseDirectory, Fixture);

    private static string Refused(params SafetensorsTensor[] tensors) => Assert.Throws<ArgumentException>(() =>
        SafetensorsWriter.Write(new MemoryStream(), new SafetensorsFile(new Dictionary<string, string>(), tensors), seal: true)).Message;
}
