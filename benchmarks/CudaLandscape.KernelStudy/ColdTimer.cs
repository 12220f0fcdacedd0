using System.Diagnostics;
using CudaLandscape.Interop;
using CudaLandscape.Tensors;

namespace CudaLandscape.KernelStudy;

/// <summary>
/// Times calls by the rules of NVIDIA's nvbench for cold measurements: before each call a buffer as large as the last cache is
/// written, so that the call finds none of its data there; the call is enclosed by two events of the device; and samples are
/// taken until their noise is small and enough time has been measured, or until time runs out, which is said.
/// </summary>
internal sealed class ColdTimer(Device device, TimerSettings settings) : IDisposable
{
    private const int FewestSamples = 10, FewestSlowSamples = 3, WarmUps = 2;

    private readonly DeviceMemory? _cache = device.Context.LastCacheBytes > 0
        ? DeviceMemory.Allocate(device.Context, device.Context.LastCacheBytes) : null;

    private readonly DeviceEvent _begin = DeviceEvent.Create(device.Context), _end = DeviceEvent.Create(device.Context);

    /// <summary>Bytes that are written before every call.</summary>
    public long FlushedBytes => _cache?.Bytes ?? 0;

    /// <summary>Times a call, whose result is released.</summary>
    public Timing Measure(Func<Tensor> call) => Measure(() => call().Dispose());

    /// <summary>Times what a call queues.</summary>
    public Timing Measure(Action call)
    {
        for (int i = 0; i < WarmUps; i++) Sample(call);
        Stopwatch clock = Stopwatch.StartNew();
        List<double> samples = [];
        while (true)
        {
            samples.Add(Sample(call));
            Timing timing = Timing.Of(samples, settings.Noise);
            bool enough = samples.Count >= FewestSamples && timing.Settled && samples.Sum() >= 1e3 * settings.LeastSeconds;
            bool tooLong = samples.Count >= FewestSlowSamples && clock.Elapsed.TotalSeconds >= settings.MostSeconds;
            if (enough || tooLong) return timing;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Dispose();
        _begin.Dispose();
        _cache?.Dispose();
    }

    // Nothing waits between filling and the call: what the host takes to queue it is over before the device is at the first event.
    private double Sample(Action call)
    {
        device.Synchronize();
        if (_cache is not null) device.Stream.Fill8(_cache.Address, 0, _cache.Bytes);
        _begin.Record(device.Stream);
        call();
        _end.Record(device.Stream);
        _end.Synchronize();
        return _end.MillisecondsSince(_begin);
    }
}
