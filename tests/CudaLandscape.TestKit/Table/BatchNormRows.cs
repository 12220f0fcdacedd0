using CudaLandscape.Tensors;

namespace CudaLandscape.TestKit.Table;

/// <summary>Batch normalisation with the batch's statistics and with given ones, of images and of vectors.</summary>
internal static class BatchNormRows
{
    public static IEnumerable<OpRow> All =>
    [
        .. new Shape[] { [4, 3], [2, 1], [2, 3, 3, 2], [3, 2, 1, 1], [1, 2, 2, 3] }.SelectMany(x => new[] { Given(x), Training(x) }),
        Given([2, 0, 2, 2]),
        Given([0, 3, 2, 2]),
    ];

    private static OpRow Training(Shape x) => new(
        "batch_norm2d", $"training {x}", [TestData.Spread(x, 71), Channels(x, 72), Channels(x, 73)],
        t => t[0].BatchNorm2dTraining(t[1], t[2], 0.1).Y, a => Loops.BatchNormTraining(a[0], a[1].Values, a[2].Values, 0.1));

    private static OpRow Given(Shape x) => new(
        "batch_norm2d", $"given {x}",
        [TestData.Spread(x, 74), Channels(x, 75), Channels(x, 76), Channels(x, 77), TestData.Positive([x[1]], 78)],
        t => t[0].BatchNorm2d(t[1], t[2], t[3], t[4]),
        a => Loops.BatchNorm(a[0], a[1].Values, a[2].Values, a[3].Values, a[4].Values, 1e-5));

    private static HostArray Channels(Shape x, int seed) => TestData.Spread([x[1]], seed);
}
