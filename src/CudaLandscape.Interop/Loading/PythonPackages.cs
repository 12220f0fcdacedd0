namespace CudaLandscape.Interop;

/// <summary>Finds NVIDIA's pip packages beside a Python interpreter by looking at folders, not running it.</summary>
internal static class PythonPackages
{
    internal const string PythonVariable = "CUDALANDSCAPE_PYTHON";

    private static readonly string[] Parts =
        ["nvidia/cu13", "nvidia/cublas", "nvidia/cusolver", "nvidia/cusparse", "nvidia/nvjitlink"];

    /// <summary>One source for each site-packages folder, in the order in which Python would look.</summary>
    internal static IEnumerable<LibrarySource> Sources(ILibraryHost host) =>
        Interpreters(host).SelectMany(python => Prefixes(host, python)).Distinct(StringComparer.Ordinal)
            .SelectMany(prefix => SitePackages(host, prefix)).Distinct(StringComparer.Ordinal)
            .Where(site => host.Folders(site, "nvidia").Count > 0)
            .Select(site => new LibrarySource($"pip packages of {site}", Libraries(host, site)));

    /// <summary>The named interpreter, else every python3 on PATH.</summary>
    private static IEnumerable<string> Interpreters(ILibraryHost host)
    {
        string named = host.Variable(PythonVariable) ?? string.Empty;
        if (named.Length > 0 && Path.IsPathRooted(named))
        {
            return [named];
        }

        string name = named.Length > 0 ? named : host.IsWindows ? "python.exe" : "python3";
        string[] path = (host.Variable("PATH") ?? string.Empty).Split(
            host.IsWindows ? ';' : ':', StringSplitOptions.RemoveEmptyEntries);
        return path.Where(Path.IsPathRooted).Select(folder => Path.Combine(folder, name)).Where(host.FileExists);
    }

    /// <summary>The interpreter's own prefix (a virtual environment's), then that of the file it links to.</summary>
    private static IEnumerable<string> Prefixes(ILibraryHost host, string python) =>
        new[] { python, host.FollowLinks(python) }
            .Select(Path.GetDirectoryName)
            .Select(folder => host.IsWindows ? folder : Path.GetDirectoryName(folder))
            .OfType<string>();

    private static IEnumerable<string> SitePackages(ILibraryHost host, string prefix)
    {
        if (host.IsWindows)
        {
            return [Path.Combine(prefix, "Lib", "site-packages"), Path.Combine(prefix, "..", "Lib", "site-packages")];
        }

        IEnumerable<string> versions = host.Folders(Path.Combine(prefix, "lib"), "python3*").Reverse();
        return versions.SelectMany(
            version => new[] { Path.Combine(version, "site-packages"), Path.Combine(version, "dist-packages") });
    }

    private static IReadOnlyList<string> Libraries(ILibraryHost host, string site)
    {
        string[] inside = host.IsWindows ? [Path.Combine("bin", "x86_64"), "bin"] : ["lib"];
        return [.. Parts.SelectMany(part => inside.Select(sub => Path.Combine([site, .. part.Split('/'), sub])))];
    }
}
