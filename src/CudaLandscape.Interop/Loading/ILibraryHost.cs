namespace CudaLandscape.Interop;

/// <summary>All that choosing libraries asks of the machine, so that the choice can be tested without one.</summary>
internal interface ILibraryHost
{
    /// <summary>True where libraries are named as on Windows.</summary>
    bool IsWindows { get; }

    /// <summary>The folder of the program.</summary>
    string BaseDirectory { get; }

    /// <summary>The variable's value; null when it is unset.</summary>
    string? Variable(string name);

    bool FileExists(string path);

    /// <summary>Folders directly inside <paramref name="parent"/> whose names fit the pattern, sorted; none if it is
    /// not there.</summary>
    IReadOnlyList<string> Folders(string parent, string pattern);

    /// <summary>Where a link leads in the end; the path itself when it is none.</summary>
    string FollowLinks(string path);

    /// <summary>Loads a path or soname: its handle, or 0 and why not.</summary>
    nint Load(string path, out string trouble);

    void Free(nint library);

    /// <summary>Initialises a loaded driver and asks for its devices; null when it is no CUDA driver.</summary>
    DriverAnswer? AskDriver(nint driver);
}
