namespace CudaLandscape.Nn.Checkpoints;

/// <summary>The content of a safetensors file: named tensors and texts about them.</summary>
/// <param name="Metadata">Texts by name, the format's <c>__metadata__</c>.</param>
/// <param name="Tensors">The tensors in the order of their bytes.</param>
public sealed record SafetensorsFile(IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<SafetensorsTensor> Tensors)
{
    /// <summary>
    /// The text that holds a seal: the SHA-256, in lower-case hex, of the whole file with 64 zeros in the place of these digits.
    /// </summary>
    public const string SealName = "cudalandscape.sha256";

    /// <summary>Digits of a seal.</summary>
    internal const int SealDigits = 64;

    /// <summary>Most bytes a header may have, as the format says.</summary>
    internal const int MaxHeaderBytes = 100_000_000;

    /// <summary>Whether the file had a seal, which reading has checked.</summary>
    public bool IsSealed => Metadata.ContainsKey(SealName);
}
