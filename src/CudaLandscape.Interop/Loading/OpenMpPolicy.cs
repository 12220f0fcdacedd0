using System.Runtime.InteropServices;

namespace CudaLandscape.Interop;

/// <summary>
/// Lets OpenMP's threads, which LAPACK uses under softcuda, sleep at barriers. By default they spin, and on a machine with
/// other work a factorisation then takes ten times as long. libgomp reads its environment when it is loaded, and only the C
/// library's environment, which .NET's does not reach.
/// </summary>
internal static unsafe partial class OpenMpPolicy
{
    /// <summary>Must run before softcuda is loaded; a value the user set stays.</summary>
    public static void PreferSleeping()
    {
        if (!OperatingSystem.IsLinux()) return;
        fixed (byte* name = "OMP_WAIT_POLICY\0"u8, value = "passive\0"u8)
        {
            _ = setenv(name, value, 0);
        }
    }

    [LibraryImport("libc.so.6")]
    private static partial int setenv(byte* name, byte* value, int overwrite);
}
