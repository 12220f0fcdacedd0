using System.Runtime.InteropServices;

namespace CudaLandscape.Interop;

/// <summary>The machine this process runs on.</summary>
internal sealed unsafe class SystemLibraryHost : ILibraryHost
{
    public bool IsWindows => OperatingSystem.IsWindows();

    public string BaseDirectory => AppContext.BaseDirectory;

    public string? Variable(string name) => Environment.GetEnvironmentVariable(name);

    public bool FileExists(string path) => File.Exists(path);

    public IReadOnlyList<string> Folders(string parent, string pattern)
    {
        try
        {
            string[] found = Directory.Exists(parent) ? Directory.GetDirectories(parent, pattern) : [];
            Array.Sort(found, StringComparer.Ordinal);
            return found;
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            return [];
        }
    }

    public string FollowLinks(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            return path;
        }
    }

    public nint Load(string path, out string trouble)
    {
        try
        {
            trouble = string.Empty;
            return NativeLibrary.Load(path);
        }
        catch (Exception refused) when (refused is DllNotFoundException or BadImageFormatException)
        {
            trouble = Reason(refused.Message);
            return 0;
        }
    }

    public void Free(nint library) => NativeLibrary.Free(library);

    public DriverAnswer? AskDriver(nint driver)
    {
        if (!NativeLibrary.TryGetExport(driver, "cuInit", out nint init)
            || !NativeLibrary.TryGetExport(driver, "cuDriverGetVersion", out nint getVersion)
            || !NativeLibrary.TryGetExport(driver, "cuDeviceGetCount", out nint getCount))
        {
            return null;
        }

        int version = 0;
        int count = 0;
        int status = ((delegate* unmanaged<uint, int>)init)(0);
        int versionStatus = ((delegate* unmanaged<int*, int>)getVersion)(&version);
        int countStatus = status == 0 ? ((delegate* unmanaged<int*, int>)getCount)(&count) : 0;
        return new DriverAnswer(
            status != 0 ? status : countStatus, versionStatus == 0 ? version : 0, countStatus == 0 ? count : 0);
    }

    /// <summary>What the loader said, without .NET's general advice in the first line.</summary>
    internal static string Reason(string message)
    {
        string[] lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join("; ", lines.Length > 1 ? lines[1..] : lines);
    }
}
