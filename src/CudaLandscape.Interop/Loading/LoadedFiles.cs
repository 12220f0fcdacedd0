namespace CudaLandscape.Interop;

/// <summary>Tells which file a library came from that was loaded by its bare name.</summary>
internal static class LoadedFiles
{
    private const string Maps = "/proc/self/maps";

    /// <summary>The path itself, or the mapped file whose name starts with this name up to ".so".</summary>
    internal static string PathOf(string loaded)
    {
        if (Path.IsPathRooted(loaded) || !File.Exists(Maps))
        {
            return loaded;
        }

        return File.ReadLines(Maps).Select(FileOf).FirstOrDefault(path => IsNamed(path, loaded)) ?? loaded;
    }

    private static string FileOf(string line)
    {
        int start = line.IndexOf('/');
        return start < 0 ? string.Empty : line[start..];
    }

    private static bool IsNamed(string path, string soname)
    {
        int end = soname.IndexOf(".so", StringComparison.Ordinal);
        return end > 0 && Path.GetFileName(path).StartsWith(soname[..(end + 3)], StringComparison.Ordinal);
    }
}
