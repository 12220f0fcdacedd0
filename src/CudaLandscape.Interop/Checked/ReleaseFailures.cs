using System.Collections.Concurrent;

namespace CudaLandscape.Interop;

/// <summary>Releases that failed: a release must not throw, so the next call into a device reports them.</summary>
internal static class ReleaseFailures
{
    private static readonly ConcurrentQueue<(string Kind, CudaException Failure)> Pending = new();

    /// <summary>Books the end of a release: counts the object out, or remembers why it is still there.</summary>
    internal static bool Settle(string kind, CudaException? failure)
    {
        if (failure is null)
        {
            LiveHandles.Remove(kind);
            return true;
        }

        Pending.Enqueue((kind, failure));
        return false;
    }

    /// <summary>Throws what is remembered, once.</summary>
    internal static void ThrowIfAny()
    {
        if (!Pending.IsEmpty)
        {
            Report();
        }
    }

    private static void Report()
    {
        if (!Pending.TryDequeue(out (string Kind, CudaException Failure) first))
        {
            return;
        }

        int more = 0;
        while (Pending.TryDequeue(out _))
        {
            more++;
        }

        throw CudaException.Late(first.Kind, first.Failure, more);
    }
}
