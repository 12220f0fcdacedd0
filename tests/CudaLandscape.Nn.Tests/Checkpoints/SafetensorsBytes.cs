using System.Buffers.Binary;
using System.Text;
using CudaLandscape.Nn.Checkpoints;

namespace CudaLandscape.Nn.Tests.Checkpoints;

/// <summary>Bytes of safetensors files for tests.</summary>
internal static class SafetensorsBytes
{
    /// <summary>A file with a header as given, right or wrong.</summary>
    public static byte[] With(string header, int payload = 0) => With(Encoding.UTF8.GetBytes(header), payload);

    public static byte[] With(byte[] header, int payload = 0)
    {
        byte[] bytes = new byte[8 + header.Length + payload];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        header.CopyTo(bytes, 8);
        return bytes;
    }

    /// <summary>A small file of several types, sealed or not.</summary>
    public static byte[] Small(bool seal)
    {
        using MemoryStream stream = new();
        SafetensorsWriter.Write(stream, Content(), seal);
        return stream.ToArray();
    }

    public static SafetensorsFile Content() => new(
        new Dictionary<string, string> { ["epoch"] = "3", ["note"] = "ü \"x\"" },
        [
            new("fc1.weight", "F32", [2, 3], [.. Enumerable.Range(0, 24).Select(i => (byte)(7 * i))]),
            new("steps", "F64", [], [1, 2, 3, 4, 5, 6, 7, 8]),
            new("empty", "I32", [0, 5], []),
            new("labels", "U8", [3], [9, 8, 7]),
        ]);

    /// <summary>Asserts that both files say the same.</summary>
    public static void AssertSame(SafetensorsFile expected, SafetensorsFile actual)
    {
        Assert.Equal(
            expected.Metadata.Where(p => p.Key != SafetensorsFile.SealName).OrderBy(p => p.Key, StringComparer.Ordinal),
            actual.Metadata.Where(p => p.Key != SafetensorsFile.SealName).OrderBy(p => p.Key, StringComparer.Ordinal));
        Assert.Equal(expected.Tensors.Select(t => t.ToString()), actual.Tensors.Select(t => t.ToString()));
        Assert.All(expected.Tensors.Zip(actual.Tensors), p => Assert.Equal(p.First.Bytes, p.Second.Bytes));
    }
}
