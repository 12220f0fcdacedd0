using System.Runtime.CompilerServices;
using CudaLandscape.Nn.Data;

namespace CudaLandscape.Experiments.Tests;

/// <summary>
/// Keeps the images of this machine, named by CUDALANDSCAPE_DATA or downloaded, out of the tests, whose numbers are those of procedural ones.
/// </summary>
internal static class MachineData
{
    /// <summary>The folder that was named; null where none was.</summary>
    public static string? Folder { get; private set; }

    [ModuleInitializer]
    internal static void Hide()
    {
        Folder = Environment.GetEnvironmentVariable(DataSource.Variable);
        Environment.SetEnvironmentVariable(DataSource.Variable, null);
        Environment.SetEnvironmentVariable("XDG_CACHE_HOME", Path.Combine(AppContext.BaseDirectory, "no-cache"));
    }
}
