namespace CudaLandscape.Nn.Checkpoints;

/// <summary>Element types of the safetensors format, by the names it gives them.</summary>
public static class SafetensorsType
{
    private static readonly Dictionary<string, int> s_bytes = new(StringComparer.Ordinal)
    {
        ["BOOL"] = 1, ["U8"] = 1, ["I8"] = 1, ["F8_E5M2"] = 1, ["F8_E4M3"] = 1,
        ["I16"] = 2, ["U16"] = 2, ["F16"] = 2, ["BF16"] = 2,
        ["I32"] = 4, ["U32"] = 4, ["F32"] = 4,
        ["I64"] = 8, ["U64"] = 8, ["F64"] = 8, ["C64"] = 8,
    };

    /// <summary>All names.</summary>
    public static IEnumerable<string> Names => s_bytes.Keys;

    /// <summary>Bytes of one element; 0 for a name the format does not have.</summary>
    public static int SizeBytes(string name) => s_bytes.GetValueOrDefault(name);

    /// <summary>The name of a tensor's element type.</summary>
    public static string Of(Tensors.DType type) => type switch
    {
        Tensors.DType.Float32 => "F32",
        Tensors.DType.Float64 => "F64",
        Tensors.DType.Int32 => "I32",
        _ => "U8",
    };
}
