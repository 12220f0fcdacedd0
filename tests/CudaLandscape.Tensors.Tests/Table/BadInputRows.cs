using CudaLandscape.Tensors;

namespace CudaLandscape.Tensors.Tests.Table;

/// <summary>Inputs an op must refuse, and what its message must say.</summary>
public sealed record BadInputRow(string Op, string Case, Func<Device, Tensor> Run, params string[] Message)
{
    public static IReadOnlyList<BadInputRow> All { get; } =
    [
        new("add", "shapes", d => F32(d, 2, 3) + F32(d, 4), "add", "[2,3] Float32", "[4] Float32"),
        new("add", "types", d => F32(d, 2) + F64(d, 2), "add", "Float32", "Float64", "Cast"),
        new("multiply", "integers", d => I32(d, 2) * I32(d, 2), "multiply", "Int32", "Cast"),
        new("subtract", "bytes", d => U8(d, 2) - U8(d, 2), "subtract", "UInt8"),
        new("divide", "shapes", d => F64(d, 3, 2) / F64(d, 3), "divide", "[3,2]", "[3]"),
        new("sigmoid", "integers", d => I32(d, 2).Sigmoid(), "sigmoid", "Int32"),
        new("softplus", "alpha 0", d => F32(d, 2).Softplus(0), "softplus", "alpha", "0"),
        new("softplus", "alpha NaN", d => F32(d, 2).Softplus(double.NaN), "softplus", "NaN"),
        new("leaky_relu", "slope NaN", d => F32(d, 2).LeakyRelu(double.NaN), "leaky_relu", "slope", "NaN"),
        new("power", "exponent infinite", d => F32(d, 2).Power(double.PositiveInfinity), "power", "exponent", "Infinity"),
        new("power", "integers", d => I32(d, 2).Power(2), "power", "Int32", "Cast"),
        .. PlainOps.Unary.Select(op => new BadInputRow(op.Name, "of integers", d => op.Apply(I32(d, 2)), op.Name, "Float32 or Float64", "[2] Int32")),
        .. PlainOps.Binary.Select(op => new BadInputRow(op.Name, "of different types", d => op.Apply(F64(d, 2), F32(d, 2)), op.Name, "[2] Float64", "[2] Float32")),
        new("scale_shift", "integers", d => I32(d, 2).Scale(2), "scale_shift", "[2] Int32"),
        new("step", "integers", d => I32(d, 2).Step(), "step", "[2] Int32"),
        new("max_abs", "integers", d => I32(d, 2).MaxAbs(), "max_abs", "[2] Int32"),
        new("sqrt", "bytes", d => U8(d, 2).Sqrt(), "sqrt", "UInt8"),
        new("maximum", "shapes", d => F32(d, 2, 3).Maximum(F32(d, 2)), "maximum", "[2,3]", "[2]"),
        new("minimum", "types", d => F32(d, 2).Minimum(F64(d, 2)), "minimum", "Float32", "Float64"),
        new("greater_equal", "integers", d => I32(d, 2).GreaterEqual(I32(d, 2)), "greater_equal", "Int32"),
        new("broadcast", "shape", d => F32(d, 3).BroadcastTo([2, 4]), "broadcast", "[3]", "[2,4]"),
        new("broadcast", "fewer axes", d => F32(d, 2, 3).BroadcastTo([3]), "broadcast", "[2,3]", "[3]"),
        new("sum_to", "shape", d => F32(d, 2, 3).SumTo([2]), "sum_to", "[2,3]", "[2]"),
        new("sum_to", "more axes", d => F32(d, 3).SumTo([1, 3]), "sum_to", "[3]", "[1,3]"),
        new("sum", "axis", d => F32(d, 2, 3).Sum(2), "[2,3]", "2 axes", "axis 2"),
        new("sum", "axis named twice", d => F32(d, 2, 3).Sum(1, -1), "sum", "axis -1", "[2,3]", "[1,-1]"),
        new("mean", "axis", d => F32(d, 2, 3).Mean([0, 5]), "mean", "[2,3]", "axis 5"),
        new("mean", "empty axes", d => F32(d, 2, 0).Mean([0, 1]), "mean", "[2,0]", "[0,1]"),
        new("norm", "axis", d => F32(d, 2, 3).Norm(-3), "norm", "[2,3]", "axis -3"),
        new("norm", "integers", d => I32(d, 2).Norm(), "norm", "Int32"),
        new("max", "empty axis", d => F32(d, 2, 0).Max(1), "argmax", "[2,0]"),
        new("max", "axis", d => F32(d, 2).Max(1), "argmax", "[2]", "axis 1"),
        new("take_along_axis", "indices", d => F32(d, 2, 3).TakeAlongAxis(I32(d, 3), 1), "take_along_axis", "[2]", "[3]"),
        new("take_along_axis", "type", d => F32(d, 2, 3).PickColumn(F32(d, 2)), "take_along_axis", "Int32", "Float32"),
        new("put_along_axis", "values", d => new PutAlongAxis([2, 3], 1).Apply(F32(d, 3), I32(d, 2)), "put_along_axis", "[2,3]", "[3]"),
        new("softmax", "no axis", d => F32(d).Softmax(), "softmax", "at least one axis"),
        new("log_softmax", "integers", d => I32(d, 2).LogSoftmax(), "log_softmax", "Int32"),
        new("cross_entropy", "labels", d => F32(d, 2, 3).CrossEntropy(I32(d, 3)), "cross_entropy", "[2,3]", "[3]"),
        new("cross_entropy", "label type", d => F32(d, 2, 3).CrossEntropy(F32(d, 2)), "cross_entropy", "Int32"),
        new("cross_entropy", "no samples", d => F32(d, 0, 3).CrossEntropy(I32(d, 0)), "cross_entropy", "[0,3]"),
        new("mean", "empty", d => F32(d, 0).Mean(), "mean", "no elements"),
        new("reshape", "count", d => F32(d, 2, 3).Reshape([4]), "reshape", "6", "4"),
        new("matmul", "inner sizes", d => F32(d, 2, 3).MatMul(F32(d, 4, 5)), "matmul", "[2,3]", "[4,5]"),
        new("matmul", "rank", d => F32(d, 3).MatMul(F32(d, 3, 2)), "matmul", "[3]"),
        new("matmul", "batches", d => F32(d, 2, 3, 4).MatMul(F32(d, 3, 4, 5)), "matmul", "[2,3,4]", "[3,4,5]"),
        new("matmul", "types", d => F32(d, 2, 2).MatMul(F64(d, 2, 2)), "matmul", "Float32", "Float64"),
        new("transpose", "rank", d => F32(d, 2, 3, 4).Transpose(), "transpose", "[rows,columns]", "[2,3,4]"),
        new("triangle", "not square", d => F32(d, 2, 3).Triangle(true), "triangle", "square", "[2,3]"),
        new("triangular_solve", "sizes", d => F64(d, 3, 3).SolveTriangular(F64(d, 2, 2), true), "triangular_solve", "[3,3]", "[2,2]"),
        new("cholesky", "not square", d => F64(d, 2, 3).Cholesky(), "cholesky", "square", "[2,3]"),
        new("cholesky", "integers", d => I32(d, 2, 2).Cholesky(), "cholesky", "Int32"),
        new("solve", "sizes", d => F64(d, 3, 3).Solve(F64(d, 2, 2)), "solve", "[3,3]", "[2,2]"),
        new("solve", "types", d => F64(d, 3, 3).Solve(F32(d, 3, 2)), "solve", "Float64", "Float32"),
        new("symmetric_eigenvalues", "rank", d => F64(d, 3).SymmetricEigenvalues(), "symmetric_eigenvalues", "[n,n]", "[3]"),
        new("symmetric_eigenvectors", "not square", d => F64(d, 3, 2).SymmetricEigenvectors(), "symmetric_eigenvectors", "[3,2]"),
        new("singular_values", "rank", d => F64(d, 3).SingularValues(), "singular_values", "[rows,columns]", "[3]"),
        new("singular_values", "integers", d => I32(d, 3, 3).SingularValues(), "singular_values", "Int32"),
        new("singular_vectors", "empty", d => F64(d, 0, 3).SingularVectors().U, "singular_vectors", "[3,0]"),
        new("conv2d", "channels", d => F32(d, 1, 2, 5, 5).Conv2d(F32(d, 3, 4, 3, 3)), "conv2d", "2 channels", "4"),
        new("conv2d", "rank", d => F32(d, 2, 5, 5).Conv2d(F32(d, 3, 2, 3, 3)), "conv2d", "[N,C,H,W]", "[2,5,5]"),
        new("conv2d", "kernel larger", d => F32(d, 1, 1, 2, 2).Conv2d(F32(d, 1, 1, 3, 3)), "conv2d", "3x3", "2x2"),
        new("conv2d", "stride 0", d => F32(d, 1, 1, 4, 4).Conv2d(F32(d, 1, 1, 2, 2), stride: 0), "conv2d", "stride 0"),
        new("im2col", "pad", d => F32(d, 1, 1, 4, 4).Im2col(2, 2, 1, -1), "im2col", "pad -1"),
        new("col2im", "columns", d => F32(d, 1, 4, 8).Col2im(new Conv2dSize("test", [1, 1, 4, 4], 2, 2, 1, 0), 2, 2), "col2im", "[1,4,9]", "[1,4,8]"),
        new("max_pool2d_indices", "window", d => F32(d, 1, 1, 2, 2).MaxPool2d(3), "max_pool2d_indices", "3x3", "[1,1,2,2]"),
        new("max_pool2d_indices", "pad", d => F32(d, 1, 1, 4, 4).MaxPool2d(2, 2, 2), "max_pool2d_indices", "pad 2"),
        new("pool_gather", "indices", d => new PoolGather(2, 2, 0).Apply(F32(d, 1, 1, 4, 4), I32(d, 1, 1, 3, 3)), "pool_gather", "[1,1,2,2]", "[1,1,3,3]"),
        new("pool_gather", "type", d => new PoolGather(2, 2, 0).Apply(F32(d, 1, 1, 4, 4), F32(d, 1, 1, 2, 2)), "pool_gather", "Int32", "Float32"),
        new("pool_scatter", "shapes", d => new PoolScatter([1, 1, 4, 4], 2, 2, 0).Apply(F32(d, 1, 1, 3, 3), I32(d, 1, 1, 3, 3)), "pool_scatter", "[1,1,2,2]"),
        new("average_pool2d", "window", d => F32(d, 1, 1, 2, 2).AveragePool2d(3), "average_pool2d", "3x3", "[1,1,2,2]"),
        new("average_pool2d", "pad", d => F32(d, 1, 1, 4, 4).AveragePool2d(2, 2, 2), "average_pool2d", "pad 2"),
        new("average_pool2d", "rank", d => F32(d, 1, 4, 4).AveragePool2d(2), "average_pool2d", "[N,C,H,W]", "[1,4,4]"),
        new("average_pool2d_adjoint", "shape", d => new AveragePool2dAdjoint([1, 1, 4, 4], 2, 2, 0).Apply(F32(d, 1, 1, 3, 3)),
            "average_pool2d_adjoint", "[1,1,2,2]", "[1,1,3,3]"),
        new("global_average_pool2d", "rank", d => F32(d, 3, 4).GlobalAveragePool2d(), "global_average_pool2d", "[N,C,H,W]", "[3,4]"),
        new("batch_norm2d", "rank", d => F32(d, 2, 3, 4).BatchNorm2dTraining(F32(d, 3), F32(d, 3)).Y, "batch_norm2d", "[N,C,H,W]", "[2,3,4]"),
        new("batch_norm2d", "weight", d => F32(d, 2, 3).BatchNorm2dTraining(F32(d, 2), F32(d, 3)).Y, "batch_norm2d", "weight [3]", "[2]"),
        new("batch_norm2d", "bias type", d => F32(d, 2, 3).BatchNorm2dTraining(F32(d, 3), F64(d, 3)).Y, "batch_norm2d", "bias", "Float64"),
        new("batch_norm2d", "one value", d => F32(d, 1, 3).BatchNorm2dTraining(F32(d, 3), F32(d, 3)).Y, "batch_norm2d", "two values", "[1,3]"),
        new("batch_norm2d", "epsilon", d => F32(d, 2, 3).BatchNorm2dTraining(F32(d, 3), F32(d, 3), 0).Y, "batch_norm2d", "epsilon", "0"),
        new("batch_norm2d", "variance", d => F32(d, 2, 3).BatchNorm2d(F32(d, 3), F32(d, 3), F32(d, 3), F32(d, 1, 3)), "batch_norm2d", "variance [3]", "[1,3]"),
        new("argmax", "empty axis", d => F32(d, 3, 0).ArgMax(), "argmax", "[3,0]"),
        new("argmax", "integers", d => I32(d, 3).ArgMax(), "argmax", "Int32"),
        new("count_different", "shapes", d => I32(d, 3).CountDifferent(I32(d, 4)), "count_different", "[3]", "[4]"),
        new("one_hot", "type", d => F32(d, 3).OneHot(4, DType.Float32), "one_hot", "Int32"),
        new("one_hot", "classes", d => I32(d, 3).OneHot(0, DType.Float32), "one_hot", "0 classes"),
        new("batch_rows", "too many", d => F32(d, 3, 2).BatchRows(I32(d, 2), I32(d, 1), 3), "batch_rows", "1 to L rows", "3 rows"),
        new("batch_rows", "order", d => F32(d, 3, 2).BatchRows(Ints(d, 0, 3), I32(d, 1), 2), "cuStreamSynchronize", "719") { FoundByDevice = true },
        new("batch_rows", "order negative", d => I32(d, 3).BatchRows(Ints(d, 2, -1), I32(d, 1), 2), "719") { FoundByDevice = true },
        new("batch_rows", "cursor negative", d => U8(d, 3, 2).BatchRows(I32(d, 2), Ints(d, -1), 1), "719") { FoundByDevice = true },
        new("batch_rows", "cursor", d => F32(d, 3, 2).BatchRows(I32(d, 2), F32(d, 1), 1), "batch_rows", "Int32"),
        new("permute", "axis twice", d => F32(d, 2, 3).Permute(0, 0), "permute", "[2,3]", "[0,0]"),
        new("permute", "too few axes", d => F32(d, 2, 3, 4).Permute(1, 0), "permute", "[2,3,4]", "[1,0]"),
        new("permute", "seven axes", d => F32(d, 1, 1, 1, 1, 1, 1, 1).Permute(1, 0, 2, 3, 4, 5, 6), "permute", "at most 6"),
        new("slice", "end beyond", d => F32(d, 2, 3).Slice(1, 1, 4), "slice", "[2,3]", "axis 1", "end 4"),
        new("slice", "negative begin", d => F32(d, 2, 3).Slice(0, -1, 1), "slice", "begin -1"),
        new("slice", "step 0", d => F32(d, 2, 3).Slice(0, 0, 1, 0), "slice", "step 0"),
        new("slice", "number of axes", d => F32(d, 2, 3).Slice([0], [1]), "slice", "2 begins", "got 1"),
        new("slice", "ranges", d => new Slice([new AxisRange(1, long.MaxValue, 2)]).Apply(F32(d, 3)), "slice", "[3]", "1:9223372036854775807:2"),
        new("pad", "negative", d => F32(d, 2, 3).Pad([0, -1], [0, 0]), "pad", "[2,3]", "[0,-1]"),
        new("pad", "number of axes", d => F32(d, 2, 3).Pad([1], [1]), "pad", "2 widths"),
        new("pad", "place", d => new Pad([new AxisRange(2, 2)], [3]).Apply(F32(d, 2)), "pad", "2:2:1", "[3]"),
        new("pad", "shape", d => new Pad([new AxisRange(0, 2)], [3]).Apply(F32(d, 3)), "pad", "[2]", "[3]"),
        new("concat", "none", _ => Array.Empty<Tensor>().Concat(0), "concat", "at least one"),
        new("concat", "shapes", d => new[] { F32(d, 2, 3), F32(d, 2, 4) }.Concat(0), "concat", "[2,3]", "[2,4]", "axis 0"),
        new("concat", "types", d => new[] { F32(d, 2), F64(d, 2) }.Concat(0), "concat", "Float32", "Float64"),
        new("concat", "rank", d => new[] { F32(d, 2), F32(d, 2, 1) }.Concat(0), "concat", "[2,1]"),
        new("gather", "type", d => F32(d, 3, 2).GatherRows(F32(d, 2)), "gather", "Int32", "Float32"),
        new("gather", "too large", d => F32(d, 3, 2).Gather(Ints(d, 0, 2)), "index 2", "position 1", "size 2"),
        new("gather", "negative", d => F32(d, 3, 2).GatherRows(Ints(d, 0, 1, -1)), "index -1", "position 2", "size 3"),
        new("gather", "another size", d => Using(IndexSet.From(d, [1], [0], 5), s => F32(d, 3, 2).Gather(s)), "gather", "[3,2]", "size 5"),
        new("gather", "axis", d => F32(d, 3, 2).Gather(Ints(d, 0), 2), "[3,2]", "axis 2"),
        new("scatter_add", "sizes", d => F32(d, 3, 2).ScatterAdd(Ints(d, 0, 1, 1), 4), "scatter_add", "[3,2]", "[3]"),
        new("scatter_add", "index", d => F32(d, 3, 2).ScatterAdd(Ints(d, 0, 4), 4), "index 4", "position 1", "size 4"),
        new("scatter_add", "integers", d => I32(d, 3, 2).ScatterAdd(Ints(d, 0, 1), 4), "scatter_add", "Int32"),
        new("index set", "count", d => Using(IndexSet.From(d, [3], [0], 5), _ => F32(d, 1)), "index set", "3 indices", "got 1"),
        new("patch_convolution", "length", d => F32(d, 2, 5).PatchConvolution(I32(d, 3, 2), F32(d, 4, 3)), "patch_convolution", "[3,2]", "[4,3]"),
        new("patch_convolution", "bias", d => F32(d, 2, 5).PatchConvolution(I32(d, 3, 2), F32(d, 4, 2), F32(d, 4)), "patch_convolution", "[12]", "[4]"),
        new("patch_convolution", "index", d => F32(d, 2, 1).PatchConvolution(Ints(d, 0, 1).Reshape([1, 2]), F32(d, 4, 2)), "index 1", "size 1"),
        new("cast", "to bytes", d => F32(d, 3).Cast(DType.UInt8), "cast", "UInt8"),
        new("squared_loss", "shapes", d => F32(d, 2, 3).SquaredLoss(F32(d, 3, 2), LossNormalization.HalfSum), "squared_loss", "[2,3]", "[3,2]"),
        new("shape", "negative", d => Tensor.Zeros(d, [2, -1], DType.Float32), "[2,-1]", "negative"),
        new("shape", "overflow", d => Tensor.Zeros(d, [1L << 32, 1L << 32], DType.Float32), "2^63"),
        new("from", "count", d => Tensor.From<float>(d, [3], [1, 2]), "3", "2"),
    ];

    /// <summary>True for what only device memory knows: the device fails where it next reports its work.</summary>
    public bool FoundByDevice { get; init; }

    public override string ToString() => $"{Op}: {Case}";

    private static Tensor F32(Device d, params ReadOnlySpan<long> sizes) => Tensor.Zeros(d, Shape.Create(sizes), DType.Float32);

    private static Tensor F64(Device d, params ReadOnlySpan<long> sizes) => Tensor.Zeros(d, Shape.Create(sizes), DType.Float64);

    private static Tensor I32(Device d, params ReadOnlySpan<long> sizes) => Tensor.Zeros(d, Shape.Create(sizes), DType.Int32);

    private static Tensor Ints(Device d, params int[] values) => Tensor.From<int>(d, [values.Length], values);

    private static Tensor Using(IndexSet set, Func<IndexSet, Tensor> run)
    {
        using (set) return run(set);
    }

    private static Tensor U8(Device d, params ReadOnlySpan<long> sizes) => Tensor.Zeros(d, Shape.Create(sizes), DType.UInt8);
}
