using CudaLandscape.Tensors;

namespace CudaLandscape.TestKit.Table;

/// <summary>Softmax, its logarithm and the cross-entropy, over rows of one element, odd lengths, and longer than the lanes.</summary>
internal static class SoftmaxRows
{
    public static IEnumerable<OpRow> All =>
    [
        .. new Shape[] { [4, 10], [2, 3, 7], [5], [3, 1], [2, 128], [2, 129], [3, 300], [0, 4], [4, 0] }.SelectMany(Softmax),
        .. new Shape[] { [1, 1], [5, 10], [2, 200], [40, 3] }.Select(CrossEntropy),
    ];

    private static IEnumerable<OpRow> Softmax(Shape shape)
    {
        HostArray x = TestData.Spread(shape, 61);
        yield return new OpRow("softmax", $"{shape}", [x], t => t[0].Softmax(), a => Loops.Map(Loops.LogSoftmax(a[0]), Math.Exp));
        yield return new OpRow("log_softmax", $"{shape}", [x], t => t[0].LogSoftmax(), a => Loops.LogSoftmax(a[0]));
    }

    private static OpRow CrossEntropy(Shape shape) => new(
        "log_softmax", $"CrossEntropy {shape}", [TestData.Spread(shape, 62), TestData.Indices([shape[0]], (int)shape[1], 63)],
        t => t[0].CrossEntropy(t[1]), a => Loops.CrossEntropy(a[0], a[1]));
}
