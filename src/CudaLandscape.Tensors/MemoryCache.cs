namespace CudaLandscape.Tensors;

/// <summary>
/// Whether devices keep memory for reuse. Without, every tensor is an allocation of exactly its size, so that memory checkers
/// (AddressSanitizer, compute-sanitizer) know where it ends and when it is gone. The check device never keeps any.
/// </summary>
internal static class MemoryCache
{
    /// <summary>CUDALANDSCAPE_MEMORY_CACHE: on, off, or nothing, which means on.</summary>
    public const string Variable = "CUDALANDSCAPE_MEMORY_CACHE";

    /// <exception cref="FormatException">The variable is neither on nor off.</exception>
    public static bool FromEnvironment() => Parse(Environment.GetEnvironmentVariable(Variable));

    internal static bool Parse(string? text) => text switch
    {
        null or "" or "on" => true,
        "off" => false,
        _ => throw new FormatException($"{Variable}: '{text}' is neither 'on' nor 'off'."),
    };
}
