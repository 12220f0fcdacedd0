using System.Text.Json;
using CudaLandscape.Nn.Data;

namespace CudaLandscape.Nn.Checkpoints;

/// <summary>
/// Parser of a safetensors header. It accepts nothing but <c>{"__metadata__": {text: text}, name: {"dtype": text, "shape":
/// [numbers], "data_offsets": [begin, end]}}</c>, each name once.
/// </summary>
internal ref struct SafetensorsHeader
{
    private const int FirstByte = 8;
    private readonly string _path;
    private Utf8JsonReader _json;

    private SafetensorsHeader(string path, ReadOnlySpan<byte> json)
    {
        _path = path;
        _json = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 4 });
    }

    /// <summary>Texts by name.</summary>
    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Tensors in the order they are declared.</summary>
    public List<SafetensorsEntry> Entries { get; } = [];

    /// <summary>Where in the header the digits of the seal begin; -1 without one.</summary>
    public int SealPlace { get; private set; } = -1;

    /// <summary>Parses a header that is known to be UTF-8.</summary>
    /// <exception cref="DataFileException">It is not such a header.</exception>
    public static SafetensorsHeader Parse(string path, ReadOnlySpan<byte> json)
    {
        SafetensorsHeader header = new(path, json);
        try
        {
            header.ReadAll();
        }
        catch (JsonException e)
        {
            throw header.Wrong("the header is not JSON", e.Message, "JSON");
        }
        catch (InvalidOperationException e)
        {
            // A name or text with half a surrogate pair.
            throw header.Wrong("the header holds a text that is no Unicode", e.Message, "valid text");
        }

        return header;
    }

    private void ReadAll()
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        Expect(JsonTokenType.StartObject);
        while (NextName(names) is { } name)
        {
            if (name == "__metadata__") ReadMetadata();
            else ReadEntry(name);
        }

        if (_json.Read()) throw Wrong("something follows the header's object", $"{_json.TokenType}", "spaces");
    }

    private void ReadMetadata()
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        Expect(JsonTokenType.StartObject);
        while (NextName(names) is { } name)
        {
            Expect(JsonTokenType.String);
            Metadata.Add(name, _json.GetString()!);
            if (name == SafetensorsFile.SealName) ReadSeal();
        }
    }

    private void ReadSeal()
    {
        if (_json.ValueSpan.Length != SafetensorsFile.SealDigits || _json.ValueIsEscaped)
            throw Wrong($"{SafetensorsFile.SealName} is no SHA-256", $"{_json.ValueSpan.Length} characters", "64 hexadecimal digits");
        SealPlace = (int)_json.TokenStartIndex + 1;
    }

    private void ReadEntry(string name)
    {
        HashSet<string> fields = new(StringComparer.Ordinal);
        (long place, string? type, long[]? shape, long[]? offsets) = (Place, null, null, null);
        Expect(JsonTokenType.StartObject);
        while (NextName(fields) is { } field)
        {
            if (field == "dtype") type = ReadType();
            else if (field == "shape") shape = ReadNumbers();
            else if (field == "data_offsets") offsets = ReadNumbers();
            else throw Wrong($"tensor '{name}' has an unknown field", $"'{field}'", "dtype, shape, data_offsets");
        }

        if (type is null || shape is null || offsets is not [long begin, long end])
            throw Wrong($"tensor '{name}' is not described in full", string.Join(", ", fields), "dtype, shape, and data_offsets with two numbers");
        Entries.Add(new SafetensorsEntry(name, type, shape, begin, end, place));
    }

    private string ReadType()
    {
        Expect(JsonTokenType.String);
        string type = _json.GetString()!;
        return SafetensorsType.SizeBytes(type) > 0
            ? type
            : throw Wrong("an element type is unknown", $"'{type}'", string.Join(", ", SafetensorsType.Names));
    }

    private long[] ReadNumbers()
    {
        List<long> numbers = [];
        Expect(JsonTokenType.StartArray);
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (_json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out long number) || number < 0)
                throw Wrong("a size or offset is out of range", $"{_json.TokenType}", "a whole number from 0 to 2^63 - 1");
            numbers.Add(number);
        }

        return [.. numbers];
    }

    // Null at the object's end.
    private string? NextName(HashSet<string> seen)
    {
        if (!_json.Read() || _json.TokenType == JsonTokenType.EndObject) return null;
        string name = _json.GetString()!;
        return seen.Add(name) ? name : throw Wrong("a name appears twice", $"'{name}'", "each name once");
    }

    private void Expect(JsonTokenType type)
    {
        if (!_json.Read() || _json.TokenType != type)
            throw Wrong("the header has another structure", $"{_json.TokenType}", $"{type}");
    }

    private readonly long Place => FirstByte + _json.TokenStartIndex;

    private readonly DataFileException Wrong(string reason, string got, string expected) =>
        new(_path, Place, reason, got, expected, SafetensorsReader.Advice);
}
