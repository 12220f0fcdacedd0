using CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Interop;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Experiments.Tests.Table2;

/// <summary>The rank of a feature matrix phase by phase, stopped between two of them, and too large.</summary>
[Collection("device")]
public sealed class FeatureRankTests : IDisposable
{
    // From the middle of the images on, where pixels differ.
    private const int First = 360;
    private readonly ScratchFolder _folder = new();
    private readonly Device _device = Device.Open(DeviceId.Default);
    private readonly DeviceSamples _samples;
    private readonly CancellationTokenSource _source = new();
    private readonly List<string> _log = [];

    public FeatureRankTests() => _samples = DeviceSamples.Upload(_device, ProceduralDigits.Generate(60, 1));

    private KeptFactor Kept => new(Path.Combine(_folder.Root, "R"), TimeSpan.Zero, _log.Add);

    public void Dispose()
    {
        _source.Dispose();
        _samples.Dispose();
        _device.Dispose();
        _folder.Dispose();
    }

    // At every phase in turn: whatever was kept by then, the numbers and the certificate are those of a rank never stopped.
    [Theory]
    [InlineData("features", false)]
    [InlineData("QR of", true)]
    public void A_rank_stopped_at_any_phase_goes_on_to_the_same_numbers(string phase, bool keeps)
    {
        using DeviceSamples samples = DeviceSamples.Upload(_device, ProceduralDigits.Generate(620, 1));
        AssertResumed(samples, phase, keeps);
    }

    // F itself decides where it is small, so that R alone would say less.
    [Fact]
    public void A_small_deficient_rank_goes_on_to_the_same_numbers()
    {
        RankResult result = AssertResumed(_samples, "QR of", keeps: false);
        Assert.True(result.Rank < result.FullRank && result.NullSpaceNorm is not null, "the matrix was to be deficient");
    }

    private RankResult AssertResumed(DeviceSamples samples, string phase, bool keeps)
    {
        RankFinding whole = Of(samples, Columns, _log.Add, default).Find(null);
        Assert.Throws<OperationCanceledException>(() => Of(samples, Columns, Stop, _source.Token).Find(Kept));
        Assert.Equal(keeps, Directory.Exists(Path.Combine(_folder.Root, "R")));
        _log.Clear();
        RankFinding found = Of(samples, Columns, _log.Add, default).Find(Kept);
        Assert.Equal(keeps, _log.Contains("digits: going on from R, which was kept after its QR"));
        Assert.Equal(keeps, !_log.Any(line => line.StartsWith("digits: features") || line.StartsWith("digits: QR")));
        Assert.Equal(whole.Result, found.Result);
        Assert.Equal(RankCertificate.Lines(whole.Result), RankCertificate.Lines(found.Result));
        Assert.Equal(whole.SmallestVector, found.SmallestVector);
        Assert.Equal(whole.NullSpace, found.NullSpace);
        Assert.False(Directory.Exists(Path.Combine(_folder.Root, "R")));
        return found.Result;

        // A phase that begins is stopped before the next one does.
        void Stop(string line)
        {
            _log.Add(line);
            if (line.Contains(phase)) _source.Cancel();
        }
    }

    [Fact]
    public void Phases_are_told_in_order()
    {
        Rank(Columns, _log.Add).Find(null);
        Assert.Equal(
            ["digits: 0.00 GB and", "digits: features", "digits: QR of 60", "digits: smallest singular", "digits: all singular", "digits: rank"],
            _log.Select(line => string.Join(' ', line.Split(' ').Take(line.Contains("features") || line.Contains("rank") ? 2 : line.Contains("GB") ? 4 : line.Contains("QR") ? 4 : 3))));
    }

    [SkippableFact]
    public void A_matrix_that_does_not_fit_is_refused_before_any_feature_with_both_numbers()
    {
        using FullMemory full = new(_device, left: 1_000_000);
        DeviceOutOfMemoryException e = Assert.Throws<DeviceOutOfMemoryException>(
            () => new FeatureRank("wide", _samples, 100_000, _ => throw new InvalidOperationException("features were asked for"), DType.Float64, 1, _log.Add, default)
                .Find(null));
        Assert.Matches(@"\(\d+ B\) were asked for, .* are free", e.Message);
        Assert.True(e.Message.Contains($"({RankMemory.Of(60, 100_000).TotalBytes} B)"), e.Message);
    }

    [Fact]
    public void A_feature_that_is_not_a_number_is_named_by_image_and_neuron()
    {
        Func<Tensor, Tensor> features = x => Columns(x) / Columns(x); // 0 / 0 where a pixel is black
        float[] pixels = _samples.Images.ToArray<float>();
        int at = Enumerable.Range(0, 40 * 60).First(i => pixels[i % 60 * 784 + First + i / 60] == 0);
        ArithmeticException e = Assert.Throws<ArithmeticException>(() => Rank(features, _log.Add).Find(null));
        Assert.Contains($"entry [{at % 60}, {at / 60}] is NaN", e.Message);
    }

    private static Tensor Columns(Tensor x) => x.Reshape([x.Shape[0], 784]).Slice(1, First, First + 40);

    private FeatureRank Rank(Func<Tensor, Tensor> features, Action<string> log) => Of(_samples, features, log, _source.Token);

    private static FeatureRank Of(DeviceSamples samples, Func<Tensor, Tensor> features, Action<string> log, CancellationToken cancellation) =>
        new("digits", samples, 40, features, DType.Float64, 1, log, cancellation);
}
