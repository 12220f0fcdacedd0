using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CudaLandscape.Nn.Checkpoints;

/// <summary>
/// Writer of safetensors files: 8 bytes N (little-endian), a JSON header of N bytes padded with spaces to a multiple of 8, then
/// the tensors' bytes without gaps.
/// </summary>
public static class SafetensorsWriter
{
    private const int Alignment = 8;

    // Characters stay as they are but for what JSON itself needs escaped.
    private static readonly JsonWriterOptions s_compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a file's content.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="file">What.</param>
    /// <param name="seal">Adds <see cref="SafetensorsFile.SealName"/>, so that any change of the file is noticed when it is read.</param>
    /// <exception cref="ArgumentException">Two tensors have one name, or a tensor's bytes do not fit its shape and type.</exception>
    public static void Write(Stream stream, SafetensorsFile file, bool seal)
    {
        foreach (SafetensorsTensor tensor in file.Tensors) Check(tensor);
        byte[] header = Header(file, seal);
        if (seal) Seal(header, file.Tensors);
        stream.Write(header);
        foreach (SafetensorsTensor tensor in file.Tensors) stream.Write(tensor.Bytes);
    }

    private static void Check(SafetensorsTensor tensor)
    {
        int size = SafetensorsType.SizeBytes(tensor.Type);
        if (size == 0)
            throw new ArgumentException($"Tensor {tensor}: the format has no such type; it has {string.Join(", ", SafetensorsType.Names)}.");
        if (tensor.Bytes.Length != (Int128)tensor.Shape.ElementCount * size)
            throw new ArgumentException(
                $"Tensor {tensor} needs {(Int128)tensor.Shape.ElementCount * size} bytes, got {tensor.Bytes.Length}.");
    }

    private static byte[] Header(SafetensorsFile file, bool seal)
    {
        using MemoryStream json = new();
        using (Utf8JsonWriter writer = new(json, s_compact))
        {
            writer.WriteStartObject();
            WriteMetadata(writer, file.Metadata, seal);
            WriteTensors(writer, file.Tensors);
            writer.WriteEndObject();
        }

        int length = (int)((json.Length + Alignment - 1) / Alignment * Alignment);
        byte[] header = new byte[8 + length];
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)length);
        json.GetBuffer().AsSpan(0, (int)json.Length).CopyTo(header.AsSpan(8));
        header.AsSpan(8 + (int)json.Length).Fill((byte)' ');
        return header;
    }

    private static void WriteMetadata(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> metadata, bool seal)
    {
        if (metadata.Count == 0 && !seal) return;
        writer.WriteStartObject("__metadata__");
        if (seal) writer.WriteString(SafetensorsFile.SealName, new string('0', SafetensorsFile.SealDigits));
        foreach ((string name, string text) in metadata.Where(pair => pair.Key != SafetensorsFile.SealName))
            writer.WriteString(name, text);
        writer.WriteEndObject();
    }

    private static void WriteTensors(Utf8JsonWriter writer, IReadOnlyList<SafetensorsTensor> tensors)
    {
        HashSet<string> names = new(StringComparer.Ordinal) { "__metadata__" };
        long begin = 0;
        foreach (SafetensorsTensor tensor in tensors)
        {
            if (!names.Add(tensor.Name)) throw new ArgumentException($"A second tensor is called {tensor.Name}; names must be unique.");
            writer.WriteStartObject(tensor.Name);
            writer.WriteString("dtype", tensor.Type);
            WriteNumbers(writer, "shape", tensor.Shape);
            WriteNumbers(writer, "data_offsets", [begin, begin += tensor.Bytes.Length]);
            writer.WriteEndObject();
        }
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, IEnumerable<long> numbers)
    {
        writer.WriteStartArray(name);
        foreach (long number in numbers) writer.WriteNumberValue(number);
        writer.WriteEndArray();
    }

    // The zeros written first are the first 64 digits after the seal's name, which begins the header.
    private static void Seal(byte[] header, IEnumerable<SafetensorsTensor> tensors)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        foreach (SafetensorsTensor tensor in tensors) hash.AppendData(tensor.Bytes);
        int place = header.AsSpan().IndexOf(Encoding.UTF8.GetBytes($"\"{SafetensorsFile.SealName}\":\"")) + SafetensorsFile.SealName.Length + 4;
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash.GetHashAndReset())).CopyTo(header, place);
    }
}
