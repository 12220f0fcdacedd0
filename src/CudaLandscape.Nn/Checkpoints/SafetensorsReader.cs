using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using CudaLandscape.Nn.Data;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Checkpoints;

/// <summary>
/// Reader of safetensors files. Nothing is allocated before the file's size has made it plausible; tensors must lie side by
/// side and fill the file exactly; a seal (<see cref="SafetensorsFile.SealName"/>) is checked where there is one.
/// </summary>
public static class SafetensorsReader
{
    internal const string Advice = "Use another copy of the file.";
    private const int LengthBytes = 8;

    /// <summary>Reads a file.</summary>
    /// <exception cref="DataFileException">It is missing, unreadable, damaged or no safetensors file; the message says where and why.</exception>
    public static SafetensorsFile Read(string path) => DataFiles.Guard(path, () =>
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        return Read(path, stream, stream.Length);
    });

    private static SafetensorsFile Read(string path, Stream stream, long length)
    {
        byte[] header = ReadHeader(path, stream, length);
        SafetensorsHeader parsed = SafetensorsHeader.Parse(path, header.AsSpan(LengthBytes));
        List<SafetensorsEntry> entries = [.. parsed.Entries.OrderBy(e => e.Begin).ThenBy(e => e.End)];
        CheckLayout(path, entries, header.Length, length);
        List<SafetensorsTensor> tensors = [];
        foreach (SafetensorsEntry entry in entries) tensors.Add(ReadTensor(path, stream, entry, header.Length));
        if (parsed.SealPlace >= 0) CheckSeal(path, header, LengthBytes + parsed.SealPlace, tensors);
        return new SafetensorsFile(parsed.Metadata, tensors);
    }

    // The length of the header and the header.
    private static byte[] ReadHeader(string path, Stream stream, long length)
    {
        byte[] prefix = new byte[LengthBytes];
        if (DataFiles.Fill(stream, prefix) < LengthBytes)
            throw Wrong(path, 0, "the file is too short to be a safetensors file", $"{length} bytes", "8 bytes and a header");
        ulong declared = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        ulong most = (ulong)Math.Clamp(length - LengthBytes, 0, SafetensorsFile.MaxHeaderBytes);
        if (declared < 2 || declared > most)
            throw Wrong(path, 0, "the declared length of the header is out of range", $"{declared}", $"2 to {most}");
        byte[] header = DataFiles.Allocate(path, LengthBytes + (long)declared, 0);
        prefix.CopyTo(header, 0);
        if (DataFiles.Fill(stream, header.AsSpan(LengthBytes)) < (int)declared)
            throw Wrong(path, length, "the file ends inside the header", $"{length} bytes", $"{LengthBytes + declared} or more");
        CheckText(path, header.AsSpan(LengthBytes));
        return header;
    }

    private static void CheckText(string path, ReadOnlySpan<byte> json)
    {
        if (json[0] != '{') throw Wrong(path, LengthBytes, "the header does not begin as it must", $"byte 0x{json[0]:x2}", "'{'");
        int last = json.LastIndexOfAnyExcept((byte)' ');
        if (json[last] != '}')
            throw Wrong(path, LengthBytes + last, "the header does not end as it must", $"byte 0x{json[last]:x2}", "'}' and spaces");
        if (!Utf8.IsValid(json)) throw Wrong(path, LengthBytes, "the header is not UTF-8", "other bytes", "UTF-8");
    }

    private static void CheckLayout(string path, List<SafetensorsEntry> entries, int headerBytes, long length)
    {
        long end = 0;
        foreach (SafetensorsEntry entry in entries)
        {
            if (entry.Begin != end)
                throw Wrong(path, entry.Place, $"tensor '{entry.Name}' does not begin where the one before it ends", $"{entry.Begin}", $"{end}");
            CheckSize(path, entry);
            end = entry.End;
        }

        if (end != length - headerBytes)
            throw Wrong(path, headerBytes, "the tensors do not fill the file", $"{length - headerBytes} bytes", $"{end} as declared");
    }

    private static void CheckSize(string path, SafetensorsEntry entry)
    {
        string shape = $"[{string.Join(',', entry.Shape)}] {entry.Type}";
        Int128 bytes = SafetensorsType.SizeBytes(entry.Type);
        if (entry.Shape.Contains(0)) bytes = 0;
        foreach (long size in entry.Shape.TakeWhile(_ => bytes > 0 && bytes <= long.MaxValue)) bytes *= size;
        if (bytes != (Int128)entry.End - entry.Begin)
            throw Wrong(
                path, entry.Place, $"tensor '{entry.Name}' has another size than its shape", $"{(Int128)entry.End - entry.Begin} bytes",
                bytes > long.MaxValue ? $"more than 2^63 for {shape}" : $"{bytes} for {shape}");
        if (bytes > Array.MaxLength)
            throw Wrong(path, entry.Place, $"tensor '{entry.Name}' is larger than this reader accepts", $"{bytes} bytes", $"at most {Array.MaxLength}");
    }

    private static SafetensorsTensor ReadTensor(string path, Stream stream, SafetensorsEntry entry, int headerBytes)
    {
        byte[] bytes = DataFiles.Allocate(path, entry.End - entry.Begin, entry.Place);
        int got = DataFiles.Fill(stream, bytes);
        if (got < bytes.Length)
            throw Wrong(path, headerBytes + entry.Begin + got, $"the file ends inside tensor '{entry.Name}'", $"{got} bytes", $"{bytes.Length}");
        return new SafetensorsTensor(entry.Name, entry.Type, ShapeOf(path, entry), bytes);
    }

    // Sizes that multiply to more than 2^63 before a 0 comes are no Shape.
    private static Shape ShapeOf(string path, SafetensorsEntry entry)
    {
        try
        {
            return Shape.Create(entry.Shape);
        }
        catch (ArgumentException e)
        {
            throw Wrong(path, entry.Place, $"tensor '{entry.Name}' has an impossible shape", e.Message, "fewer than 2^63 elements");
        }
    }

    private static void CheckSeal(string path, byte[] header, int place, IEnumerable<SafetensorsTensor> tensors)
    {
        Span<byte> digits = header.AsSpan(place, SafetensorsFile.SealDigits);
        string stated = Encoding.ASCII.GetString(digits);
        digits.Fill((byte)'0');
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        foreach (SafetensorsTensor tensor in tensors) hash.AppendData(tensor.Bytes);
        string found = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (found != stated) throw Wrong(path, place, "the content was changed after it was written", $"SHA-256 {found}", stated);
    }

    private static DataFileException Wrong(string path, long offset, string reason, string got, string expected) =>
        new(path, offset, reason, got, expected, Advice);
}
