namespace CudaLandscape.Interop;

/// <summary>One library this process has bound.</summary>
/// <param name="Library">"driver", "cublas" or "cusolver".</param>
/// <param name="Path">The file it came from.</param>
/// <param name="Version">Its version, as far as it says one.</param>
public sealed record LoadedLibrary(string Library, string Path, string Version)
{
    /// <summary>One line for a report.</summary>
    public override string ToString() => $"{Library} {Version} from {Path}";
}
