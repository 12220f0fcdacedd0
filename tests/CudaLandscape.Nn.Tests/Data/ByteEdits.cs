namespace CudaLandscape.Nn.Tests.Data;

/// <summary>Random edits of a file's bytes: some inserted, removed, cut off, flipped or replaced.</summary>
internal static class ByteEdits
{
    /// <summary>The bytes after one to three edits.</summary>
    public static byte[] Edit(byte[] valid, Random random)
    {
        List<byte> bytes = [.. valid];
        for (int edits = random.Next(1, 4); edits > 0 && bytes.Count > 0; edits--)
            EditOnce(bytes, random);
        return [.. bytes];
    }

    private static void EditOnce(List<byte> bytes, Random random)
    {
        int at = random.Next(4) == 0 ? random.Next(Math.Min(16, bytes.Count)) : random.Next(bytes.Count);
        byte value = (byte)(random.Next(3) == 0 ? random.Next(2) * 255 : random.Next(256));
        switch (random.Next(12))
        {
            case 0:
                bytes.Insert(at, value);
                break;
            case 1:
                bytes.RemoveAt(at);
                break;
            case 2 when random.Next(4) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case < 7:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            default:
                bytes[at] = value;
                break;
        }
    }
}
