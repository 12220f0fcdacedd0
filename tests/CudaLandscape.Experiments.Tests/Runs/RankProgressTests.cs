using System.Globalization;
using System.Text.RegularExpressions;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Interop;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Tests.Runs;

/// <summary>Phases of a rank and the time left.</summary>
[Collection("device")]
public sealed class RankProgressTests : IDisposable
{
    private readonly Device _device = Device.Open(DeviceId.Default);
    private readonly List<string> _log = [];

    public void Dispose() => _device.Dispose();

    [Theory]
    [InlineData(60_000, 6_760, 5.28e12)]
    [InlineData(6_760, 60_000, 5.28e12)]
    [InlineData(60_000, 67_600, 3.43e14)]
    [InlineData(3, 3, 36)]
    public void Flops_of_QR_are_those_of_Householder(long rows, long columns, double expected) =>
        Assert.Equal(expected, RankProgress.QrFlops(rows, columns), 0.003 * expected);

    // (5.278e12 + 1700 * 6760²) / 1e10 = 536 s, but for the seconds until the line is read.
    [Theory]
    [InlineData(1e10, 530, 536)]
    [InlineData(null, 1, 1e7)]
    public void Time_left_is_counted_from_QR_on_by_its_flops(double? rate, double least, double most)
    {
        using RankProgress progress = new("F1", _device, 60_000, 6_760, _log.Add, default, rate);
        progress.Begin("features");
        Assert.Matches(@"^F1: features \(after \d+ s\)$", _log[^1]);
        progress.Begin("QR of 60000 x 6760");
        Match match = Regex.Match(_log[^1], @"^F1: QR of \d+ x \d+ \(after \d+ s, about (\d+) s left\)$");
        Assert.True(match.Success, _log[^1]);
        Assert.InRange(double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), least, most);
        progress.Begin("largest singular value"); // QR took no time, so that nothing is left
        Assert.Matches(@"^F1: largest singular value \(after \d+ s, (about 0 s left|longer than estimated)\)$", _log[^1]);
    }

    [Fact]
    public void A_small_matrix_has_no_estimate_and_a_cancelled_run_stops_at_the_next_phase()
    {
        using CancellationTokenSource source = new();
        using RankProgress progress = new("F1", _device, 500, 400, _log.Add, source.Token);
        progress.Begin("QR of 500 x 400");
        Assert.Matches(@"\(after \d+ s\)$", _log[^1]);
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => progress.Begin("largest singular value"));
        Assert.Single(_log);
    }
}
