namespace CudaLandscape.Interop.Tests;

/// <summary>A machine made of dictionaries. A file can be loaded when it is in <see cref="Loadable"/>.</summary>
internal sealed class FakeHost : ILibraryHost
{
    internal Dictionary<string, string> Variables { get; } = [];

    internal HashSet<string> Files { get; } = [];

    internal Dictionary<string, string> Links { get; } = [];

    internal HashSet<string> Loadable { get; } = [];

    internal List<string> Loaded { get; } = [];

    internal List<nint> Freed { get; } = [];

    internal DriverAnswer? Answer { get; set; } = new DriverAnswer(0, 13000, 1);

    public bool IsWindows { get; init; }

    public string BaseDirectory => "/app/";

    public string? Variable(string name) => Variables.GetValueOrDefault(name);

    public bool FileExists(string path) => Files.Contains(path);

    public IReadOnlyList<string> Folders(string parent, string pattern)
    {
        string start = parent.TrimEnd('/') + "/";
        string prefix = pattern.TrimEnd('*');
        return [.. Files.Where(file => file.StartsWith(start, StringComparison.Ordinal))
            .Select(file => file[start.Length..].Split('/'))
            .Where(parts => parts.Length > 1 && parts[0].StartsWith(prefix, StringComparison.Ordinal))
            .Select(parts => start + parts[0]).Distinct().Order(StringComparer.Ordinal)];
    }

    public string FollowLinks(string path) => Links.GetValueOrDefault(path, path);

    public nint Load(string path, out string trouble)
    {
        bool loads = Loadable.Contains(path);
        trouble = loads ? "" : "cannot open shared object file";
        if (!loads)
        {
            return 0;
        }

        Loaded.Add(path);
        return Loaded.Count;
    }

    public void Free(nint library) => Freed.Add(library);

    public DriverAnswer? AskDriver(nint driver) => Answer;

    /// <summary>Puts files into a folder that can be loaded from there.</summary>
    internal FakeHost With(string folder, params string[] names)
    {
        foreach (string name in names)
        {
            Files.Add(Path.Combine(folder, name));
            Loadable.Add(Path.Combine(folder, name));
        }

        return this;
    }

    /// <summary>Libraries on the loader's own path.</summary>
    internal FakeHost OnPath(params string[] names)
    {
        Loadable.UnionWith(names);
        return this;
    }
}
