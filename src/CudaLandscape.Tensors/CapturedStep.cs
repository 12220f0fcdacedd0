using CudaLandscape.Interop;

namespace CudaLandscape.Tensors;

/// <summary>
/// Work on a device that was recorded once and is replayed as a whole: a CUDA graph on a GPU, a recorded list on softcuda. What
/// changes from replay to replay must live in device memory; copies from or to the host, synchronisation and reading results
/// inside the step are refused, as on a GPU.
/// </summary>
public sealed class CapturedStep : IDisposable
{
    private readonly Device _device;
    private readonly ArenaPool _pool = new();
    private CapturedGraph? _graph;

    private CapturedStep(Device device) => _device = device;

    /// <summary>
    /// Runs the step once, for real, which shows how much memory it needs, and then records it. The recording owns that memory.
    /// Tensors the step makes must be released within it.
    /// </summary>
    /// <exception cref="CudaException">The step does what cannot be recorded; the device is usable afterwards.</exception>
    public static CapturedStep Record(Device device, Action step)
    {
        CapturedStep captured = new(device);
        device.Arena.Use(captured._pool);
        try
        {
            step();
            device.Synchronize();
            captured._graph = Capture(device, step);
            return captured;
        }
        catch
        {
            captured.Dispose();
            throw;
        }
        finally
        {
            device.Arena.Use(null);
        }
    }

    /// <summary>Queues the recorded work once more.</summary>
    /// <exception cref="ObjectDisposedException">The recording was released.</exception>
    public void Replay()
    {
        ObjectDisposedException.ThrowIf(_graph is null, this);
        _graph.Launch(_device.Stream);
    }

    /// <summary>Releases the recording and its memory, after the device has finished its replays.</summary>
    public void Dispose()
    {
        if (_graph is not null) _device.Synchronize();
        _graph?.Dispose();
        _graph = null;
        _device.Arena.Dissolve(_pool);
    }

    // Only this thread is forbidden what cannot be recorded: the finalizer's must not break a recording by freeing memory.
    private static CapturedGraph Capture(Device device, Action step)
    {
        device.Stream.BeginCapture(CaptureMode.ThreadLocal);
        try
        {
            step();
        }
        catch
        {
            Abandon(device);
            throw;
        }

        return device.Stream.EndCapture();
    }

    // A capture that failed must still be ended; its own error says less than the one that broke it.
    private static void Abandon(Device device)
    {
        try
        {
            device.Stream.EndCapture().Dispose();
        }
        catch (CudaException)
        {
        }
    }
}
