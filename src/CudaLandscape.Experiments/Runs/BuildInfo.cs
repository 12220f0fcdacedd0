using System.Reflection;

namespace CudaLandscape.Experiments.Runs;

/// <summary>Version and commit the program was built from.</summary>
internal static class BuildInfo
{
    private static readonly string s_text =
        typeof(BuildInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static string Version => s_text.Split('+')[0];

    public static string Commit => s_text.Split('+') is [_, string commit] ? commit : "unknown";
}
