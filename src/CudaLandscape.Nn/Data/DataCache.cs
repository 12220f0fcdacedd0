namespace CudaLandscape.Nn.Data;

/// <summary>
/// The folder that downloads go to when none is named: cudalandscape in $XDG_CACHE_HOME, else in ~/.cache; on Windows in the
/// user's local application data.
/// </summary>
public static class DataCache
{
    /// <summary>The folder, not looked at; null where the system names no home.</summary>
    public static string? Folder => FolderOf(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME"),
        OperatingSystem.IsWindows()
            ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"));

    /// <summary>As the XDG base directory specification: a relative $XDG_CACHE_HOME is ignored.</summary>
    internal static string? FolderOf(string? xdgCacheHome, string standard) =>
        Path.IsPathFullyQualified(xdgCacheHome ?? "") ? Path.Combine(xdgCacheHome!, "cudalandscape")
        : Path.IsPathFullyQualified(standard) ? Path.Combine(standard, "cudalandscape")
        : null;
}
