using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace CudaLandscape.Interop;

/// <summary>
/// A named range of the calling thread, shown by a profiler that attached itself through NVTX (see <see cref="NvtxInjection"/>), such
/// as Nsight Systems. Ranges nest; the last one begun ends first. Without a profiler, <see cref="IsOn"/> is a constant of the compiled
/// code and costs nothing:
/// <code>using ProfilerRange range = ProfilerRange.IsOn ? new("name") : default;</code>
/// </summary>
public readonly unsafe ref struct ProfilerRange
{
    private static readonly (NvtxInjection? Injection, string Status) s_found =
        NvtxInjection.Attach(Environment.GetEnvironmentVariable(NvtxInjection.Variable));

    private static readonly NvtxInjection? s_profiler = s_found.Injection;

    // Names are few (ops and phases) and the profiler may keep them.
    private static readonly ConcurrentDictionary<string, nint> s_names = new(StringComparer.Ordinal);

    private readonly bool _begun;

    /// <summary>Begins a range; nothing without a profiler.</summary>
    public ProfilerRange(string name)
    {
        if (s_profiler is null) return;
        _ = s_profiler.Push((byte*)s_names.GetOrAdd(name, Marshal.StringToCoTaskMemUTF8));
        _begun = true;
    }

    /// <summary>Whether a profiler wants ranges.</summary>
    public static bool IsOn { get; } = s_profiler is not null;

    /// <summary>Whether a profiler wants ranges, or why not, for reports.</summary>
    public static string Status => s_found.Status;

    /// <summary>Ends the range.</summary>
    public void Dispose()
    {
        if (_begun) _ = s_profiler!.Pop();
    }
}
