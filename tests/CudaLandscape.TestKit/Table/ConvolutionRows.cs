using CudaLandscape.Tensors;

namespace CudaLandscape.TestKit.Table;

/// <summary>Convolution by patches, and max-pooling, over strides, pads and odd shapes.</summary>
internal static class ConvolutionRows
{
    // Of sums of some hundred products, one after another.
    private const double SumTolerance = 16;

    /// <summary>What an op can end with, and its formula.</summary>
    public static IEnumerable<(ActivationFunction Function, Func<double, double> Formula)> Activations =>
    [
        (ActivationFunction.Identity, v => v),
        (ActivationFunction.Relu, v => Math.Max(v, 0)),
        (ActivationFunction.Sigmoid, Sigmoid),
        (ActivationFunction.Softplus(2.5), v => Math.Log(1 + Math.Exp(2.5 * v)) / 2.5),
        (ActivationFunction.Tanh, Math.Tanh),
    ];

    public static IEnumerable<OpRow> All =>
    [
        .. Patches([2, 2, 5, 4], 3, 2, 1, 0),
        .. Patches([1, 1, 6, 7], 3, 3, 2, 1),
        .. Patches([2, 1, 5, 5], 2, 2, 3, 0),
        .. Patches([1, 3, 1, 1], 1, 1, 1, 0),
        .. Patches([0, 1, 3, 3], 2, 2, 1, 0),
        .. Convolution([2, 3, 6, 5], [4, 3, 3, 2], 1, 0),
        .. Convolution([2, 2, 7, 7], [3, 2, 3, 3], 2, 1),
        .. Convolution([1, 1, 3, 3], [2, 1, 3, 3], 1, 2),
        .. Convolution([3, 2, 5, 4], [3, 2, 1, 1], 1, 0), // a 1x1 kernel: positions of several images lie side by side
        .. Convolution([2, 1, 7, 8], [2, 1, 2, 3], 3, 1), // pixels that no tap reads
        .. Convolution([5, 1, 1, 1], [2, 1, 3, 3], 2, 1), // one pixel per image, most taps outside
        .. Convolution([2, 33, 4, 5], [9, 33, 3, 3], 1, 1), // deeper than a chunk
        .. Convolution([3, 2, 11, 13], [35, 2, 3, 3], 1, 1), // more positions than a chunk, more filters than a panel
        .. Convolution([3, 1, 40, 36], [2, 1, 3, 3], 1, 1), // several tiles, groups of several chunks
        .. Convolution([2, 1, 3, 3], [520, 1, 2, 2], 1, 0), // more filters than are packed at once
        .. Convolution([0, 2, 3, 3], [2, 2, 2, 2], 1, 0),
        .. Convolution([2, 0, 3, 3], [2, 0, 2, 2], 1, 0),
        .. Activations.SelectMany(pair => new[]
        {
            BiasAndActivation([2, 3, 6, 5], [4, 3, 3, 2], 1, 0, pair.Function, pair.Formula),
            BiasAndActivation([1, 1, 3, 3], [3, 1, 3, 3], 2, 1, pair.Function, pair.Formula),
        }),
        BiasAndActivation([2, 33, 4, 5], [9, 33, 3, 3], 1, 1, ActivationFunction.Sigmoid, Sigmoid), // deeper than a chunk
        BiasAndActivation([3, 1, 40, 36], [11, 1, 3, 3], 1, 1, ActivationFunction.Tanh, Math.Tanh), // tiles that end within an image
        BiasAndActivation([0, 2, 3, 3], [2, 2, 2, 2], 1, 0, ActivationFunction.Relu, v => Math.Max(v, 0)),
        BiasAndActivation([2, 0, 3, 3], [2, 0, 2, 2], 1, 0, ActivationFunction.Sigmoid, Sigmoid),
        ByPatches([2, 3, 6, 5], [4, 3, 3, 2], 1, 0),
        ByPatches([2, 2, 7, 7], [3, 2, 3, 3], 2, 1),
        .. Pooling([2, 2, 6, 4], 2, 2, 0),
        .. Pooling([1, 2, 7, 5], 3, 2, 1),
        .. Pooling([1, 1, 5, 5], 3, 1, 0),
        .. Pooling([2, 1, 3, 3], 1, 1, 0),
        EqualValues([1, 2, 6, 6], 2, 2, 0),
        EqualValues([1, 1, 5, 7], 3, 2, 1),
        .. Averaging([2, 2, 6, 4], 2, 2, 0),
        .. Averaging([1, 2, 7, 5], 3, 2, 1),
        .. Averaging([1, 1, 5, 6], 3, 1, 1),
        .. Averaging([2, 1, 8, 7], 2, 3, 1),
        .. Averaging([2, 1, 3, 3], 1, 1, 0),
        .. Averaging([0, 2, 4, 4], 2, 2, 0),
        new("sum_to", "GlobalAveragePool2d [2,3,5,4]", [TestData.Spread([2, 3, 5, 4], 39)], t => t[0].GlobalAveragePool2d(),
            a => Loops.Map(Loops.SumTo(a[0], [2, 3, 1, 1]) with { Shape = [2, 3] }, v => v / 20)),
    ];

    private static IEnumerable<OpRow> Patches(Shape x, int r, int s, int stride, int pad)
    {
        string note = $"{x} kernel {r}x{s} stride {stride} pad {pad}";
        Conv2dSize size = new("test", x, r, s, stride, pad);
        yield return new OpRow("im2col", note, [TestData.Spread(x, 31)], t => t[0].Im2col(r, s, stride, pad),
            a => Loops.Im2col(a[0], r, s, stride, pad));
        yield return new OpRow("col2im", note, [TestData.Spread(size.Columns, 32)], t => t[0].Col2im(size, r, s, stride, pad),
            a => Loops.Col2im(a[0], x, r, s, stride, pad));
    }

    private static IEnumerable<OpRow> Convolution(Shape x, Shape w, int stride, int pad)
    {
        string note = $"{x} {w} stride {stride} pad {pad}";
        HostArray images = TestData.Spread(x, 33), kernels = TestData.Spread(w, 34);
        Shape outputs = Loops.Conv2d(images, kernels, stride, pad).Shape;
        HostArray dy = TestData.Spread(outputs, 40);
        yield return new OpRow("conv2d", note, [images, kernels], t => t[0].Conv2d(t[1], stride, pad),
            a => Loops.Conv2d(a[0], a[1], stride, pad)) { Float32Tolerance = SumTolerance };
        yield return new OpRow("conv2d_input_gradient", note, [dy, kernels], t => t[0].Conv2dInputGradient(t[1], x, stride, pad),
            a => Loops.Conv2dInputGradient(a[0], a[1], x, stride, pad)) { Float32Tolerance = SumTolerance };
        yield return new OpRow("conv2d_weight_gradient", note, [dy, images], t => t[0].Conv2dWeightGradient(t[1], w, stride, pad),
            a => Loops.Conv2dWeightGradient(a[0], a[1], w, stride, pad)) { Float32Tolerance = SumTolerance };
    }

    private static OpRow BiasAndActivation(
        Shape x, Shape w, int stride, int pad, ActivationFunction activation, Func<double, double> formula) =>
        new("conv2d_bias_activation", $"{activation.Kind} {x} {w} stride {stride} pad {pad}",
            [Quarter(TestData.Spread(x, 33)), Quarter(TestData.Spread(w, 34)), TestData.Spread([w[0], 1, 1], 41)],
            t => t[0].Conv2dBiasActivation(t[1], t[2], activation, stride, pad),
            a => Loops.Map(Loops.Broadcast(Loops.Conv2d(a[0], a[1], stride, pad), a[2], (z, b) => z + b), formula))
        {
            Float32Tolerance = SumTolerance,
            Step = activation.Kind == ActivationKind.Relu ? 1e-5 : 1e-2, // a sum may lie near the kink
        };

    // Sums of a few, where no activation is saturated.
    private static HostArray Quarter(HostArray x) => Loops.Map(x, v => v / 4);

    private static double Sigmoid(double v) => 1 / (1 + Math.Exp(-v));

    private static OpRow ByPatches(Shape x, Shape w, int stride, int pad) =>
        new("matmul", $"Conv2dByPatches {x} {w} stride {stride} pad {pad}", [TestData.Spread(x, 33), TestData.Spread(w, 34)],
            t => t[0].Conv2dByPatches(t[1], stride, pad), a => Loops.Conv2d(a[0], a[1], stride, pad));

    private static IEnumerable<OpRow> Pooling(Shape x, int kernel, int stride, int pad)
    {
        string note = $"{x} window {kernel} stride {stride} pad {pad}";
        HostArray images = TestData.Spread(x, 35), indices = Loops.MaxIndices(images, kernel, stride, pad);
        yield return new OpRow("max_pool2d_indices", note, [images], t => t[0].MaxPool2dIndices(kernel, stride, pad),
            a => Loops.MaxIndices(a[0], kernel, stride, pad)) { Differentiable = false, FollowsType = false };
        yield return new OpRow("pool_gather", note, [images, indices], t => new PoolGather(kernel, stride, pad).Apply(t[0], t[1]),
            a => Loops.PoolGather(a[0], a[1]));
        yield return new OpRow("pool_gather", "MaxPool2d " + note, [images], t => t[0].MaxPool2d(kernel, stride, pad),
            a => Loops.PoolGather(a[0], Loops.MaxIndices(a[0], kernel, stride, pad))) { Step = 1e-4 };
        yield return new OpRow("pool_scatter", note, [TestData.Spread(indices.Shape, 36), indices],
            t => new PoolScatter(x, kernel, stride, pad).Apply(t[0], t[1]), a => Loops.PoolScatter(a[0], a[1], x));
    }

    // The first of equal values is taken.
    private static OpRow EqualValues(Shape x, int kernel, int stride, int pad) =>
        new("max_pool2d_indices", $"{x} of equal values, window {kernel} stride {stride} pad {pad}", [TestData.Indices(x, 2, 40) with { Type = DType.Float64 }],
            t => t[0].MaxPool2dIndices(kernel, stride, pad), a => Loops.MaxIndices(a[0], kernel, stride, pad))
            { Differentiable = false, FollowsType = false };

    private static IEnumerable<OpRow> Averaging(Shape x, int kernel, int stride, int pad)
    {
        string note = $"{x} window {kernel} stride {stride} pad {pad}";
        HostArray images = TestData.Spread(x, 37);
        Shape pooled = Loops.AveragePool2d(images, kernel, stride, pad).Shape;
        yield return new OpRow("average_pool2d", note, [images], t => t[0].AveragePool2d(kernel, stride, pad),
            a => Loops.AveragePool2d(a[0], kernel, stride, pad));
        yield return new OpRow("average_pool2d_adjoint", note, [TestData.Spread(pooled, 38)],
            t => new AveragePool2dAdjoint(x, kernel, stride, pad).Apply(t[0]),
            a => Loops.AveragePool2dAdjoint(a[0], x, kernel, stride, pad));
    }
}
