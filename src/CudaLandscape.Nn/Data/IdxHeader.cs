using System.Buffers.Binary;

namespace CudaLandscape.Nn.Data;

/// <summary>The sizes that an IDX header declares (big-endian, 32 bits each), checked one by one.</summary>
/// <param name="HeaderBytes">16 for images, 8 for labels.</param>
/// <param name="Count">Declared number of items.</param>
/// <param name="Rows">Declared rows; 1 for labels.</param>
/// <param name="Columns">Declared columns; 1 for labels.</param>
internal readonly record struct IdxHeader(int HeaderBytes, uint Count, uint Rows, uint Columns)
{
    /// <summary>Magic of a file of unsigned bytes with three dimensions.</summary>
    internal const uint ImageMagic = 0x00000803;

    /// <summary>Magic of a file of unsigned bytes with one dimension.</summary>
    internal const uint LabelMagic = 0x00000801;

    private const uint MaxSide = 4096;

    /// <summary>Declared payload size in bytes; below 2^56, so it cannot overflow.</summary>
    internal long PayloadBytes => checked((long)Count * Rows * Columns);

    /// <summary>Declared size of the whole unpacked file in bytes.</summary>
    internal long TotalBytes => checked(HeaderBytes + PayloadBytes);

    /// <summary>Header size that goes with a magic.</summary>
    internal static int SizeFor(uint magic) => magic == ImageMagic ? 16 : 8;

    /// <summary>Refuses a magic other than the wanted one, and names mixed-up files as such.</summary>
    internal static void CheckMagic(string file, ReadOnlySpan<byte> bytes, uint wanted)
    {
        uint got = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        if (got == wanted)
            return;

        (string have, string want) = (NameOf(got), NameOf(wanted));
        string name = Path.GetFileName(file);
        string reason = have == "other"
            ? "this is not an IDX file of unsigned bytes"
            : $"{name} holds {have}, but {want} were asked for (mislabelled or swapped files)";
        throw new DataFileException(
            file, 0, reason, $"magic 0x{got:x8}", $"0x{wanted:x8} ({want})", $"Give the IDX file of the {want}.");
    }

    /// <summary>Reads and checks the sizes of a header whose magic is right.</summary>
    internal static IdxHeader Parse(string file, ReadOnlySpan<byte> bytes)
    {
        uint count = SizeAt(file, bytes, 4, "number of items", uint.MaxValue);
        if (bytes.Length == 8)
            return new(8, count, 1, 1);

        uint rows = SizeAt(file, bytes, 8, "number of rows", MaxSide);
        uint columns = SizeAt(file, bytes, 12, "number of columns", MaxSide);
        return new(16, count, rows, columns);
    }

    private static uint SizeAt(string file, ReadOnlySpan<byte> bytes, int offset, string what, uint limit)
    {
        uint value = BinaryPrimitives.ReadUInt32BigEndian(bytes[offset..]);
        if (value > 0 && value <= limit)
            return value;

        throw new DataFileException(
            file, offset, $"the declared {what} is out of range", $"{value}", $"1 to {limit}", DataFiles.Replace);
    }

    private static string NameOf(uint magic) => magic switch
    {
        ImageMagic => "images",
        LabelMagic => "labels",
        _ => "other",
    };
}
