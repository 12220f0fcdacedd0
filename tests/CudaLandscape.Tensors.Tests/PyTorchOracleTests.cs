using System.Text.Json;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Tests;

/// <summary>
/// Values, gradients and second-order products against PyTorch's, which Fixtures/make_fixtures.py wrote to
/// Fixtures/pytorch.json from inputs given by a formula.
/// </summary>
[Collection("device")]
public sealed class PyTorchOracleTests
{
    private static readonly Dictionary<string, Func<Tensor[], Tensor>> s_functions = new()
    {
        ["add"] = x => x[0] + x[1],
        ["subtract"] = x => x[0] - x[1],
        ["multiply"] = x => x[0] * x[1],
        ["divide"] = x => x[0] / x[1],
        ["exp"] = x => x[0].Exp(),
        ["log"] = x => x[0].Log(),
        ["tanh"] = x => x[0].Tanh(),
        ["sigmoid"] = x => x[0].Sigmoid(),
        ["softplus"] = x => x[0].Softplus(),
        ["softplus alpha 20"] = x => x[0].Softplus(20),
        ["relu"] = x => x[0].Relu(),
        ["sum axis 1"] = x => x[0].Sum(1),
        ["mean"] = x => x[0].Mean(),
        ["matmul"] = x => x[0].MatMul(x[1]),
        ["matmul transposed"] = x => x[0].MatMul(x[1], true, true),
        ["matmul batched"] = x => x[0].MatMul(x[1]),
        ["conv2d"] = x => x[0].Conv2d(x[1]),
        ["conv2d stride 2 pad 1"] = x => x[0].Conv2d(x[1], 2, 1),
        ["max_pool2d"] = x => x[0].MaxPool2d(2),
        ["max_pool2d stride 2 pad 1"] = x => x[0].MaxPool2d(3, 2, 1),
        ["squared_loss"] = x => x[0].SquaredLoss(x[1], LossNormalization.PerEntry),
        ["solve_triangular upper"] = x => x[0].SolveTriangular(x[1], upper: true),
        ["solve_triangular lower"] = x => x[0].SolveTriangular(x[1], upper: false),
        ["transpose"] = x => x[0].Transpose(),
        ["triangle"] = x => x[0].Triangle(upper: true),
        ["sqrt"] = x => x[0].Sqrt(),
        ["abs"] = x => x[0].Abs(),
        ["square"] = x => x[0].Square(),
        ["power 3"] = x => x[0].Power(3),
        ["power -0.5"] = x => x[0].Power(-0.5),
        ["reciprocal"] = x => x[0].Reciprocal(),
        ["leaky_relu 0.1"] = x => x[0].LeakyRelu(0.1),
        ["maximum"] = x => x[0].Maximum(x[1]),
        ["minimum"] = x => x[0].Minimum(x[1]),
        ["norm"] = x => x[0].Norm(),
        ["softmax"] = x => x[0].Softmax(),
        ["log_softmax"] = x => x[0].LogSoftmax(),
        ["cross_entropy"] = x => x[0].CrossEntropy(Tensor.From<int>(x[0].Device, [4], [2, 4, 1, 3])),
        ["average_pool2d 3 stride 2 pad 1"] = x => x[0].AveragePool2d(3, 2, 1),
        ["global_average_pool2d"] = x => x[0].GlobalAveragePool2d(),
        ["batch_norm train"] = x => x[0].BatchNorm2dTraining(x[1], x[2]).Y,
        ["batch_norm eval"] = x => x[0].BatchNorm2d(
            x[1], x[2], Formula([3], 50).ToTensor(x[0].Device, x[0].DType),
            Adjusted(Formula([3], 51), "positive").ToTensor(x[0].Device, x[0].DType)),
        ["concat axis 1"] = x => x.Concat(1),
        ["slice 1..3 of axis 1"] = x => x[0].Slice(1, 1, 3),
        ["pad 1,2 of axis 1"] = x => x[0].Pad([0, 1], [0, 2]),
        ["permute 2,0,1"] = x => x[0].Permute(2, 0, 1),
        ["gather"] = x => x[0].Gather(Indices(x[0].Device)),
        ["scatter_add"] = x => x[0].ScatterAdd(Indices(x[0].Device), 6),
        ["cholesky"] = x => Symmetric(x[0]).Cholesky(),
        ["solve"] = x => x[0].Solve(x[1]),
        ["symmetric_eigenvalues"] = x => Symmetric(x[0]).SymmetricEigenvalues(),
        ["singular_values"] = x => x[0].SingularValues(),
    };

    private static readonly JsonElement s_cases =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "pytorch.json"))).RootElement.GetProperty("cases");

    public static TheoryData<string> Names => [.. s_cases.EnumerateObject().Select(c => c.Name)];

    private static readonly Lazy<HashSet<string>> s_ops = new(() => [.. s_cases.EnumerateObject().SelectMany(OpsOf)]);

    /// <summary>The ops in the tapes of all cases.</summary>
    internal static IReadOnlySet<string> Ops => s_ops.Value;

    [Theory, MemberData(nameof(Names))]
    public void Float64_agrees_to_1e_12_with_first_and_second_derivatives(string name)
    {
        JsonElement c = s_cases.GetProperty(name);
        using TensorScope scope = new();
        Tensor[] inputs = Inputs(c, DType.Float64);
        Tensor y = s_functions[name](inputs), dy = Formula(y.Shape, 20).ToTensor(y.Device, y.DType).RequireGradient();
        Close.ToScale(Numbers(c.GetProperty("y")), HostArray.Read(y), 1e-12, 1, name);
        Tensor[] gradients = Gradient.Of(y, inputs, dy, createGraph: true);
        Compare(c.GetProperty("gradients"), gradients, 1e-12, $"{name}, gradient");
        Tensor sum = gradients.Select((g, i) => (g * Formula(g.Shape, 30 + i).ToTensor(g.Device, g.DType)).Sum()).Aggregate((a, b) => a + b);
        Compare(c.GetProperty("second"), Gradient.Of(sum, [.. inputs, dy]), 1e-12, $"{name}, second");
    }

    [Theory, MemberData(nameof(Names))]
    public void Float32_agrees_to_1e_5(string name)
    {
        JsonElement c = s_cases.GetProperty(name);
        using TensorScope scope = new();
        Tensor[] inputs = Inputs(c, DType.Float32);
        Tensor y = s_functions[name](inputs);
        Close.ToScale(Numbers(c.GetProperty("y")), HostArray.Read(y), 1e-5, 1, name);
        Tensor[] gradients = Gradient.Of(y, inputs, Formula(y.Shape, 20).ToTensor(y.Device, y.DType));
        Compare(c.GetProperty("gradients"), gradients, 1e-5, $"{name}, gradient");
    }

    private static IEnumerable<string> OpsOf(JsonProperty c)
    {
        using TensorScope scope = new();
        Stack<Node?> pending = new([s_functions[c.Name](Inputs(c.Value, DType.Float64)).Node]);
        HashSet<string> ops = [];
        while (pending.TryPop(out Node? node))
        {
            if (node?.Op is null) continue;
            ops.Add(node.Op.Name);
            foreach (Node? input in node.Inputs) pending.Push(input);
        }

        return ops;
    }

    private static Tensor Indices(Device device) => Tensor.From<int>(device, [8], [3, 4, 5, 0, 1, 2, 3, 4]);

    private static Tensor Symmetric(Tensor x) => (x + x.Transpose()).Scale(0.5);

    private static Tensor[] Inputs(JsonElement c, DType type) => [.. c.GetProperty("inputs").EnumerateArray().Select((input, seed) =>
    {
        Shape shape = Shape.Create([.. input.GetProperty("shape").EnumerateArray().Select(s => s.GetInt64())]);
        return Adjusted(Formula(shape, seed), input.GetProperty("kind").GetString()!).ToTensor(TestDevices.Primary, type).RequireGradient();
    })];

    private static void Compare(JsonElement expected, Tensor[] actual, double tolerance, string what)
    {
        for (int i = 0; i < actual.Length; i++) Close.ToScale(Numbers(expected[i]), HostArray.Read(actual[i]), tolerance, 1, $"{what} {i}");
    }

    private static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(x => x.GetDouble())];

    private static HostArray Formula(Shape shape, int seed)
    {
        HostArray x = HostArray.Zeros(shape);
        for (int i = 0; i < x.Values.Length; i++) x.Values[i] = 1.5 * Math.Sin(1 + seed + 0.7 * i);
        return x;
    }

    // As in make_fixtures.py: positive values, or a large diagonal.
    private static HostArray Adjusted(HostArray x, string kind)
    {
        if (kind == "positive") return Loops.Map(x, v => Math.Abs(v) + 0.5);
        if (kind == "any") return x;
        HostArray small = Loops.Map(x, v => v / 8);
        HostArray matrix = kind == "definite" ? Loops.MatMul(small, small, false, true) : small;
        for (long i = 0; i < Math.Min(x.Shape[0], x.Shape[1]); i++) matrix[i, i] += kind == "dominant" ? 2 : 2 * (i + 1);
        return matrix;
    }
}
