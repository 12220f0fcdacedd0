using System.Diagnostics;
using System.Globalization;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Ops;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Experiments.Runs;

/// <summary>
/// Tells the phases of a rank with the time they take: a log line as each begins and, while it lasts, a line of progress. What is
/// left is estimated from flops: before QR with nine tenths of the rate of a matrix product, which the QR of large matrices reaches, after it
/// with the rate it had. All singular values of a deficient R are not foreseen.
/// </summary>
internal sealed class RankProgress : IDisposable
{
    // Below this, half a second or so, an estimate costs as much as it says.
    private const double LeastFlops = 2e10;

    // Two products of R or its inverse with blocks of 8 vectors in each of some 20 steps, for σ_max and for σ_min, and the probes.
    private const double IterationFlopsPerEntry = 1700;

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private readonly string _name;
    private readonly Action<string> _log;
    private readonly CancellationToken _cancellation;
    private readonly double _qrFlops, _iterationFlops;
    private readonly double? _rate;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly ProgressLine _line = ProgressLine.OnStandardError();
    private readonly Lock _lock = new();
    private readonly Timer _timer;
    private string _phase = "";
    private double? _qrBegan, _end;

    /// <param name="name">The matrix.</param>
    /// <param name="device">Where it is factored.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="log">Receives a line for every phase.</param>
    /// <param name="cancellation">Checked as each phase begins.</param>
    /// <param name="flopsPerSecond">The rate of QR; null measures it.</param>
    public RankProgress(
        string name, Device device, long rows, long columns, Action<string> log, CancellationToken cancellation, double? flopsPerSecond = null)
    {
        (_name, _log, _cancellation) = (name, log, cancellation);
        double k = Math.Min(rows, columns);
        (_qrFlops, _iterationFlops) = (QrFlops(rows, columns), IterationFlopsPerEntry * k * k);
        if (_qrFlops > LeastFlops) _rate = flopsPerSecond ?? QrRate(device);
        _timer = new Timer(_ => Show(), null, s_interval, s_interval);
    }

    /// <summary>Floating-point operations of Householder QR, 2 k² (m - k/3) with k the shorter and m the longer side.</summary>
    public static double QrFlops(long rows, long columns)
    {
        double k = Math.Min(rows, columns), m = Math.Max(rows, columns);
        return 2 * k * k * (m - k / 3);
    }

    /// <summary>The next phase begins. The time left is counted from QR on.</summary>
    /// <exception cref="OperationCanceledException">The run is to stop.</exception>
    public void Begin(string phase)
    {
        _cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            _line.Clear();
            double now = _watch.Elapsed.TotalSeconds;
            Estimate(phase, now);
            _phase = phase;
            _log($"{_name}: {Text(now)}");
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock) _line.Clear();
    }

    private void Estimate(string phase, double now)
    {
        if (phase.StartsWith("QR", StringComparison.Ordinal)) (_qrBegan, _end) = (now, now + (_qrFlops + _iterationFlops) / _rate);
        else if (_qrBegan is { } began && _rate is not null) (_qrBegan, _end) = (null, now + _iterationFlops * (now - began) / _qrFlops);
    }

    private void Show()
    {
        lock (_lock)
        {
            if (_phase.Length > 0) _line.Show($"{_name}: {Text(_watch.Elapsed.TotalSeconds)}");
        }
    }

    private string Text(double now)
    {
        string left = _end is not { } end ? "" : end > now ? $", about {end - now:F0} s left" : ", longer than estimated";
        return string.Create(CultureInfo.InvariantCulture, $"{_phase} (after {now:F0} s{left})");
    }

    private static double QrRate(Device device)
    {
        const long size = 1536;
        const double ofProduct = 0.9;
        using TensorScope scope = new();
        Tensor a = RandomTensor.Normal(device, [size, size], DType.Float64, new RandomStream(1, 1));
        double best = double.PositiveInfinity;
        for (int i = 0; i < 2; i++)
        {
            device.Synchronize();
            Stopwatch watch = Stopwatch.StartNew();
            a.MatMul(a);
            device.Synchronize();
            best = Math.Min(best, watch.Elapsed.TotalSeconds);
        }

        return ofProduct * 2 * size * size * size / best;
    }
}
