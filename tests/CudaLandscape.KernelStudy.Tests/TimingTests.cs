using CudaLandscape.Tensors;
using CudaLandscape.TestKit.Benchmarks;

namespace CudaLandscape.KernelStudy.Tests;

/// <summary>What is made of samples: median, noise, rates and shares, against numbers worked out by hand.</summary>
public sealed class TimingTests
{
    private static readonly BenchmarkRow s_row = BenchmarkTable.Rows[0];

    [Fact]
    public void The_slowest_tenth_does_not_count_as_noise_but_in_the_median()
    {
        Timing timing = Timing.Of([1, 1, 1, 1, 1, 1, 1, 1, 1, 100], 0.01);
        Assert.Equal(new Timing(1, 0, 10, true), timing);
        Assert.Equal(1.5, Timing.Of([1, 1, 2, 2], 1).Milliseconds);
    }

    [Fact]
    public void Noise_is_the_standard_deviation_over_the_mean()
    {
        // Nine values are kept: 2 once, 4 seven times, 6 once; mean 4, variance 8/8.
        Timing timing = Timing.Of([4, 4, 2, 4, 4, 4, 4, 4, 6, 50], 0.2);
        Assert.Equal(0.25, timing.Noise, 12);
        Assert.False(timing.Settled);
        Assert.True(Timing.Of([4, 4, 2, 4, 4, 4, 4, 4, 6, 50], 0.3).Settled);
    }

    [Fact]
    public void One_sample_never_settles() => Assert.False(Timing.Of([1], 1).Settled);

    [Fact]
    public void Rates_and_shares_follow_from_bytes_operations_and_time()
    {
        Ceilings ceilings = new(CopyGigabytes: 100, Gemm32: 1000, Gemm64: 500);
        Measured moves = new(s_row, DType.Float32, 1, 50_000_000, null, new Timing(1, 0, 1, true));
        Assert.Equal((50.0, null, null), (moves.Gigabytes, moves.Gigaflops, moves.Intensity));
        Assert.Equal(0.5, moves.ShareOf(ceilings));
        Measured computes = moves with { Type = DType.Float64, Flops = 400_000_000 };
        Assert.Equal((400.0, 8.0, 0.8), (computes.Gigaflops, computes.Intensity, computes.ShareOf(ceilings)));
        Assert.Null((moves with { Bytes = null }).ShareOf(ceilings));
    }
}
