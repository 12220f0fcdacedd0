using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.TestKit.Benchmarks;

/// <summary>
/// What is timed of every op: at least one row each, more where kernels differ by the direction of an axis. The suite fails
/// while an op has none.
/// </summary>
public static class BenchmarkTable
{
    // Images [64,8,n,n], windows of 2 with stride 2, kernels of 3; the classes of labels and logits.
    private const int Images = 64, Channels = 8, Window = 2, Kernel = 3, Classes = 32;
    private const int Matrix = 1024, Factorized = 128, Pixels = 32, Pad = 4, Outputs = 10;

    public static IReadOnlyList<BenchmarkRow> Rows { get; } =
        [.. Elementwise, .. Moves, .. Reductions, .. Picks, .. OfImages, .. LinearAlgebra];

    public static BenchmarkRow Get(string name) => Rows.Single(r => r.ToString() == name);

    private static IEnumerable<BenchmarkRow> Elementwise =>
    [
        .. PlainOps.Unary.Select(op => Unary(op.Name, x => op.Apply(x))),
        .. PlainOps.Binary.Select(op => new BenchmarkRow(
            op.Name, "[n,n] [n,n]", Matrix, (i, n) => Of([i.Floats([n, n]), i.Floats([n, n])], x => op.Apply(x)))),
        Unary("leaky_relu", x => x.LeakyRelu(0.1)), Unary("power", x => x.Power(2.5)), Unary("scale_shift", x => x.Scale(2, 1)),
        Unary("softplus", x => x.Softplus(20)), Unary("step", x => x.Step()),
        new("activation_gradient", "softplus, [n,n] [n,n]", Matrix, (i, n) => Of([i.Floats([n, n]), i.Floats([n, n])],
            x => x[0].ActivationGradient(x[1], ActivationFunction.Softplus(20)))),
        Unary("cast", x => x.Cast(x.DType == DType.Float32 ? DType.Float64 : DType.Float32)),
    ];

    private static IEnumerable<BenchmarkRow> Moves =>
    [
        Unary("identity", x => x.Identity()) with { MovesAll = false },
        Unary("reshape", x => x.Reshape([x.ElementCount]), "[n,n] to [n n]") with { MovesAll = false },
        new("broadcast", "[n] to [n,n]", Matrix, (i, n) => Of(i.Floats([n]), x => x.BroadcastTo([x.Shape[0], x.Shape[0]]))),
        Unary("transpose", x => x.Transpose()),
        Unary("triangle", x => x.Triangle(true)),
        new("permute", "[16,n,n] by 1,0,2", Matrix / 4, (i, n) => Of(i.Floats([16, n, n]), x => x.Permute(1, 0, 2))),
        Unary("slice", x => x.Slice(1, 1, x.Shape[1] - 1)),
        Unary("pad", x => x.Pad([1, 1], [1, 1])),
        new("write_channels", "[64,8,n,n] to the last of [64,16,n,n]", Pixels, (i, n) => Of([i.Data([Images, 2 * Channels, n, n]), i.Floats(Whole(n))],
            x => x[0].WriteChannels(x[1], Channels))) { MovesAll = false },
        new("concat", "[n,n] and [n,n] along axis 1", Matrix, (i, n) => Of([i.Floats([n, n]), i.Floats([n, n])], x => x.Concat(1))),
    ];

    private static IEnumerable<BenchmarkRow> Reductions =>
    [
        Unary("sum_to", x => x.SumTo([x.Shape[0], 1]), "[n,n] to [n,1]"),
        Unary("sum_to", x => x.SumTo([x.Shape[1]]), "[n,n] to [n]"),
        Unary("max_abs", x => x.MaxAbs()),
        Unary("norm", x => x.Norm(1, keep: true), "[n,n] to [n,1]"),
        Unary("softmax", x => x.Softmax()),
        Unary("log_softmax", x => x.LogSoftmax()),
        Unary("argmax", x => x.ArgMax()),
        new("count_different", "[n n]", Matrix,
            (i, n) => Of([i.Integers([n * n], 3), i.Integers([n * n], 3)], x => x[0].CountDifferent(x[1]))),
    ];

    private static IEnumerable<BenchmarkRow> Picks =>
    [
        new("one_hot", "[n n / 32]", Matrix, (i, n) => Of(i.Integers([n * n / Classes], Classes), x => x.OneHot(Classes, i.Type))),
        new("take_along_axis", "[n,n] by [n]", Matrix,
            (i, n) => Of([i.Floats([n, n]), i.Integers([n], n)], x => x[0].TakeAlongAxis(x[1], 1))) { MovesAll = false },
        new("put_along_axis", "[n] to [n,n]", Matrix,
            (i, n) => Of([i.Floats([n]), i.Integers([n], n)], x => new PutAlongAxis([n, n], 1).Apply(x[0], x[1]))),
        new("batch_rows", "[n,n] by order [n]", Matrix,
            (i, n) => Of([i.Data([n, n]), i.Integers([n], n), i.Zeros([1])], x => x[0].BatchRows(x[1], x[2], n))),
        .. new[] { 0, 1 }.SelectMany(axis => new[]
        {
            Indexed("gather", axis, (x, indices) => x.Gather(indices, axis)),
            Indexed("scatter_add", axis, (x, indices) => x.ScatterAdd(indices, axis)),
        }),
        SkipHead("skip_readout", "[n,n] to [n,10]", (i, n) => [i.Floats([n, n]), i.Floats([Outputs, n])], (x, s, n) => x[0].SkipReadout(x[1], s)),
        SkipHead("skip_readout_input_gradient", "[n,10] to [n,n]", (i, n) => [i.Floats([n, Outputs]), i.Floats([Outputs, n])],
            (x, s, n) => x[0].SkipReadoutInputGradient(x[1], s, [n, n])),
        SkipHead("skip_readout_weight_gradient", "[n,10] [n,n]", (i, n) => [i.Floats([n, Outputs]), i.Floats([n, n])],
            (x, s, n) => x[0].SkipReadoutWeightGradient(x[1], s, [Outputs, n])),
    ];

    private static IEnumerable<BenchmarkRow> OfImages =>
    [
        Pooling("average_pool2d", 1, (x, n) => x.AveragePool2d(Window)),
        Pooling("average_pool2d_adjoint", Window, (x, n) => new AveragePool2dAdjoint(Whole(n), Window, Window, 0).Apply(x)),
        Pooling("max_pool2d_indices", 1, (x, n) => x.MaxPool2dIndices(Window, Window, 0)),
        new("pool_gather", "[64,8,n,n]", Pixels, (i, n) => Of([i.Floats(Whole(n)), Positions(i, n)],
            x => new PoolGather(Window, Window, 0).Apply(x[0], x[1]))),
        new("pool_scatter", "[64,8,n/2,n/2]", Pixels, (i, n) => Of([i.Floats(Whole(n / Window)), Positions(i, n)],
            x => new PoolScatter(Whole(n), Window, Window, 0).Apply(x[0], x[1]))),
        new("random_crops", "order [n n] to [n n,4]", Matrix, (i, n) => Of([i.Integers([n * n], n), i.Zeros([1]), i.Zeros([1])],
            x => x[0].RandomCrops(x[1], x[2], n * n, Pad, flip: true, new RandomStream(1, 1)))),
        new("crop_flip", "[64,8,n,n]", Pixels, (i, n) => Of([i.Bytes(Whole(n)), i.Given([Images, 4], k => (int)(k % 4 == 0 ? k / 4 : k % 2))],
            x => x[0].CropFlip(x[1], Pad, i.Type))),
        new("conv2d", "[64,8,n,n] by 8 3x3", Pixels, (i, n) => Of([i.Floats(Whole(n)), i.Floats(Kernels)], x => x[0].Conv2d(x[1], pad: 1)))
            { Flops = ConvolutionFlops },
        new("conv2d_bias_activation", "softplus, [64,8,n,n] by 8 3x3", Pixels,
            (i, n) => Of([i.Floats(Whole(n)), i.Floats(Kernels), i.Floats([Kernels[0], 1, 1])],
                x => x[0].Conv2dBiasActivation(x[1], x[2], ActivationFunction.Softplus(20), pad: 1))) { Flops = ConvolutionFlops },
        new("conv2d_input_gradient", "[64,8,n,n] by 8 3x3", Pixels, (i, n) => Of([i.Floats(Whole(n)), i.Floats(Kernels)],
            x => x[0].Conv2dInputGradient(x[1], Whole(n), pad: 1))) { Flops = ConvolutionFlops },
        new("conv2d_weight_gradient", "[64,8,n,n] twice, to 8 3x3", Pixels, (i, n) => Of([i.Floats(Whole(n)), i.Floats(Whole(n))],
            x => x[0].Conv2dWeightGradient(x[1], Kernels, pad: 1))) { Flops = ConvolutionFlops },
        new("batch_norm_activation", "[64,8,n,n], training, sigmoid", Pixels, (i, n) => Of([i.Floats(Whole(n)), i.Floats([Channels]), i.Floats([Channels])],
            x => x[0].BatchNormActivationTraining(x[1], x[2], ActivationFunction.Sigmoid).Y)),
        new("im2col", "[64,8,n,n] by 3x3", Pixels, (i, n) => Of(i.Floats(Whole(n)), x => x.Im2col(Kernel, Kernel, 1, 0))),
        new("col2im", "to [64,8,n,n] from 3x3", Pixels, (i, n) =>
        {
            Conv2dSize size = new("col2im", Whole(n), Kernel, Kernel, 1, 0);
            return Of(i.Floats(size.Columns), x => x.Col2im(size, Kernel, Kernel, 1, 0));
        }),
    ];

    private static IEnumerable<BenchmarkRow> LinearAlgebra =>
    [
        new("matmul", "[n,n] [n,n]", 512, (i, n) => Of([i.Floats([n, n]), i.Floats([n, n])], x => x[0].MatMul(x[1])))
            { Flops = n => 2 * n * n * n },
        new("triangular_solve", "[n,n] [n,n]", Factorized,
            (i, n) => Of([i.Dominant(n), i.Floats([n, n])], x => x[0].SolveTriangular(x[1], true))) { Flops = n => n * n * n },
        new("cholesky", "[n,n]", Factorized, (i, n) => Of(i.Dominant(n), x => x.Cholesky())) { Flops = n => n * n * n / 3 },
        new("solve", "[n,n] [n,n]", Factorized, (i, n) => Of([i.Dominant(n), i.Floats([n, n])], x => x[0].Solve(x[1])))
            { Flops = n => (2.0 / 3 + 2) * n * n * n },
        new("symmetric_eigenvalues", "[n,n]", Factorized, (i, n) => Of(i.Dominant(n), x => x.SymmetricEigenvalues())),
        new("symmetric_eigenvectors", "[n,n]", Factorized, (i, n) => Of(i.Dominant(n), x => x.SymmetricEigenvectors())),
        new("singular_values", "[n,n]", Factorized, (i, n) => Of(i.Dominant(n), x => x.SingularValues())),
        new("singular_vectors", "[n,n]", Factorized, (i, n) => Of(i.Dominant(n), x => new SingularVectors().Apply(x))),
    ];

    private static BenchmarkRow Unary(string op, Func<Tensor, Tensor> run, string shapes = "[n,n]") =>
        new(op, shapes, Matrix, (i, n) => Of(i.Floats([n, n]), run));

    private static BenchmarkRow Indexed(string op, int axis, Func<Tensor, IndexSet, Tensor> run) =>
        new(op, $"[n,n] by [n] along axis {axis}", Matrix, (i, n) =>
        {
            IndexSet indices = i.Indices([n], n);
            return Of(i.Floats([n, n]), x => run(x, indices));
        });

    private static BenchmarkRow Pooling(string op, int shrunk, Func<Tensor, int, Tensor> run) =>
        new(op, shrunk == 1 ? "[64,8,n,n]" : "[64,8,n/2,n/2]", Pixels, (i, n) => Of(i.Floats(Whole(n / shrunk)), x => run(x, n)));

    // Every third neuron.
    private static BenchmarkRow SkipHead(
        string op, string shapes, Func<BenchmarkInputs, int, Tensor[]> inputs, Func<Tensor[], IndexSet, int, Tensor> run) =>
        new(op, shapes, Matrix, (i, n) =>
        {
            IndexSet neurons = i.Rising(n, 3);
            Tensor[] x = inputs(i, n);
            return () => run(x, neurons, n);
        }) { MovesAll = false };

    private static Func<Tensor> Of(Tensor x, Func<Tensor, Tensor> run) => () => run(x);

    private static Func<Tensor> Of(Tensor[] x, Func<Tensor[], Tensor> run) => () => run(x);

    private static Shape Kernels => [Channels, Channels, Kernel, Kernel];

    private static double ConvolutionFlops(double n) => 2.0 * Images * n * n * Kernels.ElementCount;

    private static Shape Whole(int n) => [Images, Channels, n, n];

    // The first position of every window is one inside it.
    private static Tensor Positions(BenchmarkInputs i, int n) =>
        i.Given(Whole(n / Window), k => (int)(k / (n / Window) % (n / Window) * Window * n + k % (n / Window) * Window));
}
