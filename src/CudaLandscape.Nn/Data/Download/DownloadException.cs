namespace CudaLandscape.Nn.Data.Download;

/// <summary>A file could not be fetched; the message names each address tried and what was wrong there.</summary>
public sealed class DownloadException(string message, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>True when the bytes so far are not to be gone on with.</summary>
    internal bool SpoilsPart { get; init; }
}
