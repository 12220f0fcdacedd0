using CudaLandscape.Interop;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Landscape.Tests.Linalg;

/// <summary>Matrices just large enough for the iterative path, built from reflections so that their singular values are known.</summary>
[Collection("device")]
public sealed class LargeRankTests
{
    private const int Rows = 2150, Columns = 2008;

    [Fact]
    public void Full_rank_with_a_cluster_of_20_smallest_values_is_found_by_iteration() =>
        AssertFullRank([.. Matrices.Geometric(100, 1e-3, Columns - 20), .. Enumerable.Repeat(1e-4, 20)], 1);

    [Fact]
    public void A_flat_spectrum_is_found_by_iteration() => AssertFullRank([.. Enumerable.Repeat(3.0, Columns)], 2);

    // Exact arithmetic: every new vector is exactly in the span of the ones before.
    [Fact]
    public void A_multiple_of_the_identity_is_found_by_iteration()
    {
        HostArray f = HostArray.Zeros([Rows, Columns]);
        for (int i = 0; i < Columns; i++) f[i, i] = 3;
        AssertFullRank(f, 3, 3, 1e-6);
    }

    [Fact]
    public void A_single_tiny_value_above_the_threshold_is_found_by_iteration() =>
        AssertFullRank([2, .. Matrices.Geometric(1, 0.5, Columns - 2), 1e-12], 3, relative: 1e-3);

    // The eight smallest values lie within 4e-3 of each other: the iteration has to go on until it has told them apart.
    [Fact]
    public void A_dense_lower_end_is_resolved_by_iteration() =>
        AssertFullRank([9, .. Enumerable.Range(0, Columns - 1).Select(i => 1 + i * 5e-4)], 5);

    // The threshold is 7e-15 here, so that five values of 1e-15 are no rank, though far from zero.
    [Fact]
    public void Values_below_the_threshold_are_counted()
    {
        double[] sigma = [.. Matrices.Geometric(1, 1e-6, Columns - 5), 1e-15, 1e-15, 1e-15, 1e-15, 1e-15];
        AssertCounted(Matrices.Reflected(Rows, sigma, 4), Columns - 5, regularized: false);
    }

    [Fact]
    public void Zero_columns_are_counted_after_regularisation()
    {
        HostArray f = Matrices.Reflected(Rows, Matrices.Geometric(1, 0.1, Columns), 6);
        for (int r = 0; r < Rows; r++) f[r, 0] = f[r, 777] = 0;
        AssertCounted(f, Columns - 2, regularized: true);
    }

    // Thresholds 7e-15, 7e-14 and 7e-13, below and above which there are values; all are told apart, whether the rank is full or not.
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Values_between_ten_and_a_hundred_thresholds_are_counted_too(int below)
    {
        RankResult result = RankTests.Of(WithSmallValues(below, 4));
        Assert.Equal(below == 0 ? RankMethod.InverseGolubKahan : RankMethod.InverseSubspace, result.Method);
        Assert.Equal(Columns - below, result.Rank);
        Assert.Equal(RankWindowOf(Columns - below - 3), result.RankAtTen);
        Assert.Equal(RankWindowOf(Columns - below - 7), result.RankAtHundred);
    }

    // 200 values below a hundred thresholds need a block of 256 vectors, two of which are more than 0.12 of the matrix.
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Multiples_of_the_threshold_that_would_take_too_much_memory_are_left_uncounted(int below)
    {
        RankResult result = RankTests.Of(WithSmallValues(below, 200));
        Assert.Equal(Columns - below, result.Rank);
        Assert.Equal(RankWindowOf(Columns - below - 3), result.RankAtTen);
        Assert.Null(result.RankAtHundred);
        Assert.Contains("not counted", RankCertificate.Lines(result)[1]);
    }

    private static HostArray WithSmallValues(int below, int belowHundred) => Matrices.Reflected(
        Rows,
        [
            .. Matrices.Geometric(1, 1e-6, Columns - below - 3 - belowHundred), .. Enumerable.Repeat(3e-13, belowHundred),
            .. Enumerable.Repeat(3e-14, 3), .. Enumerable.Repeat(1e-15, below),
        ],
        10);

    private static RankWindow RankWindowOf(long rank) => new(rank, rank, rank);

    [Fact]
    public void Where_too_many_are_to_be_counted_all_singular_values_are_computed()
    {
        RankResult result = RankTests.Of(Matrices.Reflected(Rows, [.. Matrices.Geometric(1, 0.1, 1500), .. Enumerable.Repeat(1e-16, Columns - 1500)], 7));
        Assert.Equal((1500, 1500, 1500), (result.RankLow, result.Rank, result.RankHigh));
        Assert.Equal(RankMethod.SingularValuesOfR, result.Method);
        Assert.InRange(result.SigmaMax, 0.9, 1 + 1e-12);
    }

    // R is moved within the matrix: a copy of it would be another 32 MB.
    [Fact]
    public void The_matrix_is_the_only_large_one_and_the_workspace_was_said_beforehand()
    {
        using TensorScope scope = new();
        Device device = TestDevices.Primary;
        Tensor matrix = ShortSideFirst.Of(Matrices.Reflected(Rows, Matrices.Geometric(1, 1e-3, Columns), 8).ToTensor(device, DType.Float64));
        device.TrimCache(); // a cached block may be larger than what is asked for
        long before = device.UsedBytes;
        device.ResetPeak();
        MatrixRank.OfInPlace(matrix, Rows, Columns);
        RankMemory memory = RankMemory.Of(Rows, Columns);
        Assert.Equal(8L * Rows * Columns, memory.MatrixBytes);
        Assert.InRange(device.PeakBytes - before, 1, memory.WorkspaceBytes);
        Assert.InRange(memory.TotalBytes, 0, 1.15 * memory.MatrixBytes);
    }

    // Regularised in place, then counted in blocks of 64 vectors, two at a time.
    [Fact]
    public void A_singular_matrix_needs_little_more()
    {
        using TensorScope scope = new();
        Device device = TestDevices.Primary;
        HostArray f = Matrices.Reflected(Rows, Matrices.Geometric(1, 0.1, Columns), 9);
        for (int r = 0; r < Rows; r++) f[r, 3] = f[r, 1000] = 0;
        Tensor matrix = ShortSideFirst.Of(f.ToTensor(device, DType.Float64));
        device.TrimCache();
        long before = device.UsedBytes;
        device.ResetPeak();
        Assert.True(MatrixRank.OfInPlace(matrix, Rows, Columns).Regularized);
        Assert.InRange(device.PeakBytes - before, 1, 0.15 * 8 * Rows * Columns);
    }

    // In two blocks of 401 vectors, a quarter of the matrix.
    [SkippableFact]
    public void Many_values_are_counted_in_what_R_leaves_of_the_matrix()
    {
        using TensorScope scope = new();
        const int rows = 3400, below = 240;
        Tensor matrix = WithManySmallValues(rows, below);
        Device device = matrix.Device;
        long before = device.UsedBytes;
        device.ResetPeak();
        RankResult result = MatrixRank.OfInPlace(matrix, rows, Columns);
        Assert.Equal((RankMethod.InverseSubspace, Columns - below), (result.Method, result.Rank));
        Assert.InRange(device.PeakBytes - before, 1, 0.1 * 8 * rows * Columns);
    }

    // Two blocks and the panels are 19 MB, R leaves 48.
    [SkippableFact]
    public void They_are_so_where_the_device_has_no_other_memory()
    {
        using TensorScope scope = new();
        const int rows = 5000, below = 240;
        Tensor matrix = WithManySmallValues(rows, below);
        using FullMemory full = new(matrix.Device, left: 8_000_000);
        RankResult result = MatrixRank.OfInPlace(matrix, rows, Columns);
        Assert.Equal((RankMethod.InverseSubspace, Columns - below), (result.Method, result.Rank));
    }

    private static Tensor WithManySmallValues(int rows, int below)
    {
        Device device = TestDevices.Primary;
        Skip.IfNot(device.Arena.Caches, "this device lends no memory");
        HostArray f = Matrices.Reflected(rows, [.. Matrices.Geometric(1, 1e-6, Columns - below), .. Enumerable.Repeat(2e-16, below)], 11);
        Tensor matrix = ShortSideFirst.Of(f.ToTensor(device, DType.Float64));
        device.TrimCache();
        return matrix;
    }

    [SkippableFact]
    public void What_does_not_fit_is_refused_before_it_begins_with_both_numbers()
    {
        RankMemory memory = RankMemory.Of(3000, 2500);
        using FullMemory full = new(TestDevices.Primary, memory.TotalBytes - 1_000_000);
        DeviceOutOfMemoryException e = Assert.Throws<DeviceOutOfMemoryException>(() => memory.Require(TestDevices.Primary));
        Assert.Equal(memory.TotalBytes, e.RequestedBytes);
        Assert.InRange(e.FreeBytes, 0, memory.TotalBytes - 1);
        RankMemory.Of(300, 250).Require(TestDevices.Primary);
    }

    private static void AssertCounted(HostArray f, int rank, bool regularized)
    {
        RankResult result = RankTests.Of(f);
        Assert.Equal((rank, rank, rank), (result.RankLow, result.Rank, result.RankHigh));
        Assert.Equal((RankMethod.InverseSubspace, regularized, null), (result.Method, result.Regularized, result.LowerBound));
        Assert.InRange(result.SigmaMax, 0.9, 1 + 1e-12);
        Assert.InRange(result.LowerBoundOfRank!.Value, result.Threshold, result.SigmaOfRank!.Value);
        Assert.InRange(result.NullSpaceNorm!.Value, 0, result.Threshold);
    }

    private static void AssertFullRank(double[] sigma, int seed, double relative = 1e-6) =>
        AssertFullRank(Matrices.Reflected(Rows, sigma, seed), sigma.Max(), sigma.Min(), relative);

    private static void AssertFullRank(HostArray f, double sigmaMax, double sigmaMin, double relative)
    {
        RankResult result = RankTests.Of(f);
        Assert.Equal(RankMethod.InverseGolubKahan, result.Method);
        Assert.Equal((Columns, Columns, Columns), (result.RankLow, result.Rank, result.RankHigh));
        Assert.Equal(sigmaMax, result.SigmaMax, 1e-9 * sigmaMax);
        Assert.Equal(sigmaMin, result.SigmaMin, relative * sigmaMin);
        Assert.Equal(0.5 * Math.Sqrt(Rows + Columns + 1) * sigmaMax * Math.Pow(2, -52), result.Threshold, 1e-8 * result.Threshold);
        Assert.InRange(result.LowerBound!.Value, result.Threshold, sigmaMin);
        Assert.True(result.LowerBound > 0.45 * sigmaMin, $"the bound {result.LowerBound} says little");
        Assert.True(result.SigmaMaxSteps > 0 && result.SigmaMinSteps > 0);
    }
}
