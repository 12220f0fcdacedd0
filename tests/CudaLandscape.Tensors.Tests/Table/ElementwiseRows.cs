using CudaLandscape.Tensors;

namespace CudaLandscape.Tensors.Tests.Table;

/// <summary>Unary, binary and conversion ops.</summary>
internal static class ElementwiseRows
{
    public static IEnumerable<OpRow> All =>
    [
        .. Unary("exp", x => x.Exp(), Math.Exp),
        new("log", "[2,3,5]", [TestData.Positive([2, 3, 5], 2)], x => x[0].Log(), x => Loops.Map(x[0], Math.Log)),
        .. Unary("tanh", x => x.Tanh(), Math.Tanh),
        .. Unary("sigmoid", x => x.Sigmoid(), v => 1 / (1 + Math.Exp(-v))),
        .. Unary("softplus", x => x.Softplus(), v => Math.Log(1 + Math.Exp(v))),
        .. Unary("softplus", x => x.Softplus(20), v => Math.Max(v, 0) + Math.Log(1 + Math.Exp(-Math.Abs(20 * v))) / 20, "alpha 20"),
        .. Unary("relu", x => x.Relu(), v => Math.Max(v, 0)).Select(r => r with { Step = 1e-4 }),
        .. Unary("step", x => x.Step(), v => v > 0 ? 1 : 0).Select(r => r with { Differentiable = false }),
        .. Unary("scale_shift", x => x.Scale(-1.5, 0.25), v => -1.5 * v + 0.25),
        .. Unary("scale_shift", x => x.Scale(3), v => 3 * v, "without shift"),
        .. Binary("add", (a, b) => a + b, (a, b) => a + b),
        .. Binary("subtract", (a, b) => a - b, (a, b) => a - b),
        .. Binary("multiply", (a, b) => a * b, (a, b) => a * b),
        .. Binary("divide", (a, b) => a / b, (a, b) => a / b),
        new("broadcast", "[3,1] to [2,3,4]", [TestData.Spread([3, 1], 3)], x => x[0].BroadcastTo([2, 3, 4]),
            x => Loops.Broadcast(x[0], HostArray.Zeros([2, 3, 4]), (a, _) => a)),
        new("cast", "to Float32 and back", [TestData.Spread([3, 5], 4).Rounded()],
            x => x[0].Cast(x[0].DType == DType.Float32 ? DType.Float64 : DType.Float32).Cast(x[0].DType), x => x[0])
            { Differentiable = false },
        new("cast", "uint8 to Float32", [TestData.Indices([3, 5], 256, 5) with { Type = DType.UInt8 }],
            x => x[0].Cast(DType.Float32), x => x[0] with { Type = DType.Float64 }) { Differentiable = false, FollowsType = false },
    ];

    private static IEnumerable<OpRow> Unary(string op, Func<Tensor, Tensor> run, Func<double, double> f, string note = "")
    {
        foreach (Shape shape in (Shape[])[[7], [2, 3, 5], [], [0], [1, 300]])
        {
            yield return new OpRow(op, $"{shape} {note}".TrimEnd(), [TestData.Spread(shape, 1)], x => run(x[0]), x => Loops.Map(x[0], f));
        }
    }

    private static IEnumerable<OpRow> Binary(string op, Func<Tensor, Tensor, Tensor> run, Func<double, double, double> f)
    {
        (Shape A, Shape B)[] shapes =
        [
            ([2, 3], [2, 3]), ([2, 3, 4], [4]), ([2, 3, 4], [3, 1]), ([2, 1, 4], [1, 3, 1]), ([3], []), ([], [2, 2]),
            ([0, 3], [3]), ([2, 3, 2, 2], [3, 1, 1]), ([2, 1, 2, 1, 2], [1, 3, 1, 2, 1]),
        ];
        foreach ((Shape a, Shape b) in shapes)
        {
            yield return new OpRow(op, $"{a} and {b}", [TestData.Spread(a, 5), TestData.Positive(b, 6)],
                x => run(x[0], x[1]), x => Loops.Broadcast(x[0], x[1], f));
        }
    }
}
