namespace CudaLandscape.Interop;

/// <summary>One place where a whole set of libraries may lie.</summary>
/// <param name="Name">Where this place is known from, for reports.</param>
/// <param name="Folders">Its folders; none for the loader's own path.</param>
internal sealed record LibrarySource(string Name, IReadOnlyList<string> Folders)
{
    internal const string ListVariable = "CUDALANDSCAPE_CUDA_LIBRARIES";
    private static readonly string[] UnixFolders = ["lib64", "lib"];
    private static readonly string[] WindowsFolders = [Path.Combine("bin", "x64"), "bin"];

    /// <summary>The folders the user listed, or null.</summary>
    internal static LibrarySource? Listed(ILibraryHost host)
    {
        string list = host.Variable(ListVariable) ?? string.Empty;
        string[] folders = list.Split(host.IsWindows ? ';' : ':', StringSplitOptions.RemoveEmptyEntries);
        return folders.Length == 0 ? null : new LibrarySource(ListVariable, [.. folders.Select(Path.GetFullPath)]);
    }

    /// <summary>All other places, in order.</summary>
    internal static IEnumerable<LibrarySource> Common(ILibraryHost host) =>
        Named(host).Append(new LibrarySource("the loader's own path", []))
            .Concat(Installed(host)).Concat(PythonPackages.Sources(host));

    private static IEnumerable<LibrarySource> Named(ILibraryHost host)
    {
        foreach (string variable in new[] { "CUDA_PATH", "CUDA_HOME" })
        {
            string root = host.Variable(variable) ?? string.Empty;
            if (root.Length > 0)
            {
                yield return Toolkit(host, variable, Path.GetFullPath(root));
            }
        }
    }

    private static IEnumerable<LibrarySource> Installed(ILibraryHost host) => host.IsWindows
        ? []
        : host.Folders("/usr/local", "cuda*").Reverse().Select(root => Toolkit(host, root, root));

    private static LibrarySource Toolkit(ILibraryHost host, string name, string root) =>
        new(name, [.. (host.IsWindows ? WindowsFolders : UnixFolders).Select(sub => Path.Combine(root, sub))]);
}
