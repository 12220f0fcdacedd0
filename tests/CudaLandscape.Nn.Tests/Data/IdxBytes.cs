using System.Buffers.Binary;
using System.IO.Compression;

namespace CudaLandscape.Nn.Tests.Data;

/// <summary>Builds IDX and gzip content, valid or with chosen lies.</summary>
public static class IdxBytes
{
    public const uint ImageMagic = 0x803;
    public const uint LabelMagic = 0x801;

    public static byte[] Images(int count, int rows, int columns)
    {
        byte[] pixels = new byte[count * rows * columns];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(i * 7 + i / 13);
        return [.. Header(ImageMagic, (uint)count, (uint)rows, (uint)columns), .. pixels];
    }

    public static byte[] Labels(int count) =>
        [.. Header(LabelMagic, (uint)count), .. Enumerable.Range(0, count).Select(i => (byte)(i % 10))];

    public static byte[] Header(params uint[] words)
    {
        byte[] bytes = new byte[4 * words.Length];
        for (int i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 * i), words[i]);
        return bytes;
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using MemoryStream target = new();
        using (GZipStream packer = new(target, CompressionLevel.Optimal, leaveOpen: true))
            packer.Write(bytes);
        return target.ToArray();
    }
}
