using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.TestKit.Table;

/// <summary>Random crops and flips.</summary>
internal static class AugmentationRows
{
    private static readonly RandomStream s_stream = new(7, 1UL << 41);

    public static IEnumerable<OpRow> All =>
    [
        Draws(length: 9, cursor: 2, epoch: 1, count: 4, pad: 4, flip: true),
        Draws(length: 9, cursor: 7, epoch: 300, count: 9, pad: 4, flip: false),
        Draws(length: 1, cursor: 0, epoch: 0, count: 1, pad: 0, flip: true),
        Draws(length: 700, cursor: 699, epoch: 2, count: 600, pad: 1000, flip: true),
        Crops("image itself", [3, 2, 4, 5], 4, Table(x => [x, 4, 4, 0], 2, 0, 1)),
        Crops("mirrored", [3, 2, 4, 5], 4, Table(x => [x, 4, 4, 1], 2, 0, 1, 1)),
        Crops("all corners", [2, 3, 5, 4], 2, Table(x => [x % 2, x / 2 % 5, x / 10 % 5, x / 50 % 2], [.. Enumerable.Range(0, 100)])),
        Crops("no pad", [2, 1, 3, 3], 0, Table(x => [x, 0, 0, x], 0, 1)),
        Crops("beyond the pad", [1, 1, 3, 3], 1, Table(x => [0, x, -x, x % 2], 0, 1, 2, 3, 4, 5)),
        Crops("no sample", [2, 1, 2, 2], 1, Table(x => [x, 1, 1, 0], -1, 2, 1)),
        Crops("large", [5, 3, 32, 32], 4, Table(x => [x % 5, x % 9, x / 9 % 9, x % 2], [.. Enumerable.Range(0, 40)])),
        Crops("none", [5, 3, 4, 4], 4, Table(x => [x, 0, 0, 0])),
    ];

    private static OpRow Draws(int length, int cursor, int epoch, int count, int pad, bool flip) => new(
        "random_crops", $"order of {length} from {cursor}, epoch {epoch}, {count} crops of pad {pad}{(flip ? " or flipped" : "")}",
        [TestData.Indices([length], 5000, 81), new([1], [cursor], DType.Int32), new([1], [epoch], DType.Int32)],
        t => t[0].RandomCrops(t[1], t[2], count, pad, flip, s_stream),
        a => new HostArray([count, 4], [.. Enumerable.Range(cursor, count).SelectMany(i =>
            Choices((int)a[0].Values[i % length], epoch, pad, flip))], DType.Int32))
        { Differentiable = false, FollowsType = false };

    private static double[] Choices(int sample, int epoch, int pad, bool flip)
    {
        RandomStream stream = s_stream with { Stream = s_stream.Stream + (ulong)epoch };
        ulong first = Philox.Bits(stream, 2 * (ulong)sample), second = Philox.Bits(stream, 2 * (ulong)sample + 1);
        ulong end = 2 * (ulong)pad + 1;
        return [sample, (first >> 32) * end >> 32, (first & uint.MaxValue) * end >> 32, flip ? second >> 63 : 0];
    }

    private static HostArray Table(Func<int, double[]> row, params int[] numbers) =>
        new([numbers.Length, 4], [.. numbers.SelectMany(row)], DType.Int32);

    private static OpRow Crops(string note, Shape images, int pad, HostArray crops) => new(
        "crop_flip", $"{note} {images} pad {pad}",
        [TestData.Indices(images, 256, 82) with { Type = DType.UInt8 }, crops],
        t => t[0].CropFlip(t[1], pad, DType.Float64), a => Reference(a[0], a[1], pad)) { Differentiable = false, FollowsType = false };

    private static HostArray Reference(HostArray x, HostArray crops, int pad)
    {
        (long channels, long height, long width) = (x.Shape[1], x.Shape[2], x.Shape[3]);
        HostArray y = HostArray.Zeros(x.Shape.With(0, crops.Shape[0]));
        for (long i = 0; i < crops.Shape[0]; i++)
            for (long c = 0; c < channels; c++)
                for (long h = 0; h < height; h++)
                    for (long w = 0; w < width; w++) y[i, c, h, w] = Pixel(x, crops, i, c, h, w, pad);
        return y;
    }

    private static double Pixel(HostArray x, HostArray crops, long i, long c, long h, long w, int pad)
    {
        (long sample, long row) = ((long)crops[i, 0], h + (long)crops[i, 1] - pad);
        long column = (crops[i, 3] != 0 ? x.Shape[3] - 1 - w : w) + (long)crops[i, 2] - pad;
        if (sample < 0 || sample >= x.Shape[0]) return double.NaN;
        bool inside = row >= 0 && row < x.Shape[2] && column >= 0 && column < x.Shape[3];
        return inside ? x[sample, c, row, column] / 255 : 0;
    }
}
