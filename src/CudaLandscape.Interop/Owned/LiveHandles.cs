namespace CudaLandscape.Interop;

/// <summary>
/// Counts every native object this process owns now: contexts, streams, events, modules, library handles and device
/// allocations. A test that disposes what it made ends where it began. An object whose release failed stays counted.
/// </summary>
public static class LiveHandles
{
    private static readonly Lock Gate = new();
    private static readonly SortedDictionary<string, int> Counts = new(StringComparer.Ordinal);

    /// <summary>All live objects together.</summary>
    public static int Count
    {
        get
        {
            lock (Gate)
            {
                return Counts.Values.Sum();
            }
        }
    }

    /// <summary>Live objects by the name of their class; kinds with none are absent.</summary>
    public static IReadOnlyDictionary<string, int> ByKind
    {
        get
        {
            lock (Gate)
            {
                return new SortedDictionary<string, int>(Counts, StringComparer.Ordinal);
            }
        }
    }

    internal static void Add(string kind) => Change(kind, 1);

    internal static void Remove(string kind) => Change(kind, -1);

    private static void Change(string kind, int by)
    {
        lock (Gate)
        {
            int now = Counts.GetValueOrDefault(kind) + by;
            if (now == 0)
            {
                _ = Counts.Remove(kind);
            }
            else
            {
                Counts[kind] = now;
            }
        }
    }
}
