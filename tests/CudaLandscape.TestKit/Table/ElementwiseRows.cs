using CudaLandscape.Tensors;

namespace CudaLandscape.TestKit.Table;

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
        .. Unary("relu", x => x.Relu(), v => Math.Max(v, 0)).Select(AtKink),
        .. Unary("leaky_relu", x => x.LeakyRelu(0.2), v => v < 0 ? 0.2 * v : v, "slope 0.2").Select(AtKink),
        .. Unary("leaky_relu", x => x.LeakyRelu(-1.5), v => v < 0 ? -1.5 * v : v, "slope -1.5").Select(AtKink),
        .. Unary("step", x => x.Step(), v => v > 0 ? 1 : 0).Select(r => r with { Differentiable = false }),
        .. Unary("step", x => x.Step(0.3), v => v > 0 ? 1 : 0.3, "otherwise 0.3").Select(r => r with { Differentiable = false }),
        .. Unary("sign", x => x.Sign(), v => v > 0 ? 1 : -1).Select(r => r with { Differentiable = false }),
        .. Unary("abs", x => x.Abs(), v => v < 0 ? -v : v).Select(AtKink),
        .. Unary("square", x => x.Square(), v => v * v),
        .. Positive("sqrt", x => x.Sqrt(), Math.Sqrt),
        .. Positive("reciprocal", x => x.Reciprocal(), v => 1 / v),
        .. Unary("power", x => x.Power(0), v => 1, "exponent 0"),
        .. Unary("power", x => x.Power(1), v => v, "exponent 1"),
        .. Unary("power", x => x.Power(2), v => v * v, "exponent 2"),
        .. Unary("power", x => x.Power(5), v => v * v * v * v * v, "exponent 5"),
        .. Positive("power", x => x.Power(-2), v => 1 / (v * v), "exponent -2"),
        .. Positive("power", x => x.Power(0.5), Math.Sqrt, "exponent 1/2"),
        .. Positive("power", x => x.Power(2.75), v => Math.Exp(2.75 * Math.Log(v)), "exponent 2.75"),
        .. Positive("power", x => x.Power(-1.25), v => Math.Exp(-1.25 * Math.Log(v)), "exponent -1.25"),
        .. Unary("identity", x => x.Identity(), v => v),
        .. Unary("scale_shift", x => x.Scale(-1.5, 0.25), v => -1.5 * v + 0.25),
        .. Unary("scale_shift", x => x.Scale(3), v => 3 * v, "without shift"),
        .. Binary("add", (a, b) => a + b, (a, b) => a + b),
        .. Binary("subtract", (a, b) => a - b, (a, b) => a - b),
        .. Binary("multiply", (a, b) => a * b, (a, b) => a * b),
        .. Binary("divide", (a, b) => a / b, (a, b) => a / b),
        .. Either("maximum", (a, b) => a.Maximum(b), (a, b) => a > b ? a : b).Select(AtKink),
        .. Either("minimum", (a, b) => a.Minimum(b), (a, b) => a < b ? a : b).Select(AtKink),
        .. Either("greater_equal", (a, b) => a.GreaterEqual(b), (a, b) => a >= b ? 1 : 0).Select(r => r with { Differentiable = false }),
        .. ActivationGradient(ActivationFunction.Identity, _ => 1),
        .. ActivationGradient(ActivationFunction.Relu, y => y > 0 ? 1 : 0).Select(AtKink),
        .. ActivationGradient(ActivationFunction.Sigmoid, y => y * (1 - y)),
        .. ActivationGradient(ActivationFunction.Softplus(2.5), y => 1 - Math.Exp(-2.5 * y)),
        .. ActivationGradient(ActivationFunction.Tanh, y => 1 - y * y),
        new("broadcast", "[3,1] to [2,3,4]", [TestData.Spread([3, 1], 3)], x => x[0].BroadcastTo([2, 3, 4]),
            x => Loops.Broadcast(x[0], HostArray.Zeros([2, 3, 4]), (a, _) => a)),
        new("cast", "to Float32 and back", [TestData.Spread([3, 5], 4).Rounded()],
            x => x[0].Cast(x[0].DType == DType.Float32 ? DType.Float64 : DType.Float32).Cast(x[0].DType), x => x[0])
            { Differentiable = false },
        .. new[] { DType.Float32, DType.Float64 }.SelectMany(to => new[] { DType.Int32, DType.UInt8 }.Select(from => Cast(from, to))),
        Cast(DType.UInt8, DType.Int32),
        new("cast", "to Int32, towards zero", [TestData.Spread([3, 5], 4)], x => x[0].Cast(DType.Int32), x => Loops.Map(x[0], Math.Truncate))
            { Differentiable = false, FollowsType = false },
    ];

    private static readonly Shape[] s_shapes = [[7], [2, 3, 5], [], [0], [1, 300]];

    private static readonly (Shape A, Shape B)[] s_pairs =
    [
        ([2, 3], [2, 3]), ([2, 3, 4], [4]), ([2, 3, 4], [3, 1]), ([2, 1, 4], [1, 3, 1]), ([3], []), ([], [2, 2]),
        ([0, 3], [3]), ([2, 3, 2, 2], [3, 1, 1]), ([2, 1, 2, 1, 2], [1, 3, 1, 2, 1]),
    ];

    // Steps that stay on one side of the kink: no input is closer to it than 1e-3.
    // Of its result y, whatever that is.
    private static IEnumerable<OpRow> ActivationGradient(ActivationFunction activation, Func<double, double> slope) =>
        new Shape[] { [2, 3, 5], [1], [0, 3] }.Select(shape => new OpRow("activation_gradient", $"{activation.Kind} {shape}",
            [TestData.Spread(shape, 44), TestData.Spread(shape, 45)], x => x[0].ActivationGradient(x[1], activation),
            x => Loops.Broadcast(x[0], Loops.Map(x[1], slope), (dy, s) => dy * s)));

    private static OpRow AtKink(OpRow row) => row with { Step = 9e-4 };

    private static IEnumerable<OpRow> Unary(string op, Func<Tensor, Tensor> run, Func<double, double> f, string note = "")
    {
        foreach (Shape shape in s_shapes)
        {
            yield return new OpRow(op, $"{shape} {note}".TrimEnd(), [TestData.Spread(shape, 1)], x => run(x[0]), x => Loops.Map(x[0], f));
        }
    }

    private static IEnumerable<OpRow> Positive(string op, Func<Tensor, Tensor> run, Func<double, double> f, string note = "") =>
        Unary(op, run, f, note).Select(r => r with { Inputs = [TestData.Positive(r.Inputs[0].Shape, 2)] });

    private static OpRow Cast(DType from, DType to) => new(
        "cast", $"{from} to {to}", [TestData.Indices([3, 5], 256, 5) with { Type = from }], x => x[0].Cast(to), x => x[0])
        { Differentiable = false, FollowsType = false };

    // Both inputs of both signs and no two values of a pair closer than 1e-3.
    private static IEnumerable<OpRow> Either(string op, Func<Tensor, Tensor, Tensor> run, Func<double, double, double> f) =>
        Binary(op, run, f).Select(r => r with { Inputs = [r.Inputs[0], Apart(r.Inputs[0], r.Inputs[1].Shape)] });

    private static HostArray Apart(HostArray a, Shape shape)
    {
        HostArray b = TestData.Spread(shape, 7);
        for (int i = 0; i < b.Values.Length; i++)
        {
            while (a.Values.Any(v => Math.Abs(v - b.Values[i]) < 1e-3)) b.Values[i] += 2e-3;
        }

        return b;
    }

    private static IEnumerable<OpRow> Binary(string op, Func<Tensor, Tensor, Tensor> run, Func<double, double, double> f)
    {
        foreach ((Shape a, Shape b) in s_pairs)
        {
            yield return new OpRow(op, $"{a} and {b}", [TestData.Spread(a, 5), TestData.Positive(b, 6)],
                x => run(x[0], x[1]), x => Loops.Broadcast(x[0], x[1], f));
        }
    }
}
