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

    [Fact]
    public void A_rank_stopped_after_QR_goes_on_from_R_without_the_features()
    {
        RankResult whole = Rank(Columns, _log.Add).Find(null).Result;
        Assert.Throws<OperationCanceledException>(() => Rank(Columns, line =>
        {
            _log.Add(line);
            if (line.Contains("QR of")) _source.Cancel();
        }).Find(Kept));
        Assert.True(Directory.Exists(Path.Combine(_folder.Root, "R")));
        RankResult found = Rank(_ => throw new InvalidOperationException("features were asked for"), _log.Add, stops: false).Find(Kept).Result;
        Assert.Contains("digits: going on from R, which was kept after its QR", _log);
        Assert.Equal((whole.Rank, whole.RankLow), (found.Rank, found.RankLow));
        Assert.Equal(whole.QrDeviation!.Value, found.QrDeviation!.Value, 1e-9 * whole.QrDeviation.Value);
        Assert.Equal(whole.SigmaMin, found.SigmaMin, 1e-13 * whole.SigmaMax);
        Assert.False(Directory.Exists(Path.Combine(_folder.Root, "R")));
    }

    [Fact]
    public void Phases_are_told_in_order()
    {
        Rank(Columns, _log.Add).Find(null);
        Assert.Equal(
            ["digits: 0.00 GB and", "digits: features", "digits: QR of 60", "digits: all singular", "digits: rank"],
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

    private FeatureRank Rank(Func<Tensor, Tensor> features, Action<string> log, bool stops = true) =>
        new("digits", _samples, 40, features, DType.Float64, 1, log, stops ? _source.Token : default);
}
