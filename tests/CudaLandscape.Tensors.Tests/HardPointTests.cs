using System.Globalization;

namespace CudaLandscape.Tensors.Tests;

/// <summary>The points where elementwise functions go wrong; values and derivatives from their limits or high precision.</summary>
[Collection("device")]
public sealed class HardPointTests
{
    private const double Inf = double.PositiveInfinity, NaN = double.NaN;

    public static TheoryData<string, double, double> Values => new()
    {
        { "exp", -Inf, 0 }, { "exp", Inf, Inf }, { "exp", NaN, NaN }, { "exp", 0.0, 1 }, { "exp", -0.0, 1 }, { "exp", 89, 4.4896128191743455e38 },
        { "exp", -17, 4.139937718785167e-8 }, { "exp", 1e-8, 1.00000001 },
        { "log", 0.0, -Inf }, { "log", -1, NaN }, { "log", Inf, Inf }, { "log", NaN, NaN }, { "log", 1, 0 }, { "log", 1e-8, -18.420680743952367 },
        { "tanh", Inf, 1 }, { "tanh", -Inf, -1 }, { "tanh", NaN, NaN }, { "tanh", 1e-8, 1e-8 }, { "tanh", 89, 1 }, { "tanh", -17, -1 },
        { "sigmoid", Inf, 1 }, { "sigmoid", -Inf, 0 }, { "sigmoid", NaN, NaN }, { "sigmoid", 0.0, 0.5 }, { "sigmoid", 89, 1 },
        { "sigmoid", -17, 4.1399375473943306e-8 }, { "sigmoid", -89, 2.2273635617957438e-39 }, { "sigmoid", 1e-8, 0.5000000025 },
        { "softplus", Inf, Inf }, { "softplus", -Inf, 0 }, { "softplus", NaN, NaN }, { "softplus", 0.0, 0.6931471805599453 },
        { "softplus", 89, 89 }, { "softplus", -17, 4.1399376330897478e-8 }, { "softplus", 1e-8, 0.6931471855599453 },
        { "relu", -Inf, 0 }, { "relu", Inf, Inf }, { "relu", NaN, NaN }, { "relu", 1e-8, 1e-8 }, { "relu", -17, 0 },
        { "step", NaN, NaN }, { "step", 0.0, 0 }, { "step", -0.0, 0 }, { "step", 1e-8, 1 }, { "step", -Inf, 0 },
        { "leaky_relu", -Inf, -Inf }, { "leaky_relu", Inf, Inf }, { "leaky_relu", NaN, NaN }, { "leaky_relu", -10, -2.5 }, { "leaky_relu", 0.0, 0 },
        { "abs", -Inf, Inf }, { "abs", NaN, NaN }, { "abs", -0.0, 0.0 }, { "abs", -1e-40, 1e-40 },
        { "sign", NaN, NaN }, { "sign", 0.0, 0.0 }, { "sign", -1e-40, -1 }, { "sign", Inf, 1 },
        { "sqrt", 0.0, 0.0 }, { "sqrt", -1, NaN }, { "sqrt", Inf, Inf }, { "sqrt", -Inf, NaN }, { "sqrt", NaN, NaN }, { "sqrt", 2, 1.4142135623730951 },
        { "square", -Inf, Inf }, { "square", NaN, NaN }, { "square", -3, 9 },
        { "reciprocal", 0.0, Inf }, { "reciprocal", -0.0, -Inf }, { "reciprocal", Inf, 0.0 }, { "reciprocal", NaN, NaN },
        { "power3", -2, -8 }, { "power3", -0.0, -0.0 }, { "power3", -Inf, -Inf }, { "power3", NaN, NaN },
        { "power-2", 0.0, Inf }, { "power-2", -0.5, 4 }, { "power-2", -Inf, 0.0 },
        { "power0", 0.0, 1 }, { "power0", NaN, 1 }, { "power0", -3, 1 },
        { "power0.3", -1, NaN }, { "power0.3", 0.0, 0.0 }, { "power0.3", Inf, Inf }, { "power0.3", NaN, NaN }, { "power0.3", 2, 1.2311444133449163 },
    };

    public static TheoryData<string, double, double> Derivatives => new()
    {
        { "sigmoid", 17, 4.139937376e-8 }, { "sigmoid", -17, 4.139937376e-8 }, { "sigmoid", 40, 4.248354255291589e-18 },
        { "sigmoid", 80, 1.8048513878454153e-35 }, { "sigmoid", 0.0, 0.25 }, { "sigmoid", Inf, 0 }, { "sigmoid", NaN, NaN },
        { "tanh", 17, 6.855633726168052e-15 }, { "tanh", -17, 6.855633726168052e-15 }, { "tanh", 0.0, 1 }, { "tanh", 40, 7.219405551381661e-35 }, { "tanh", NaN, NaN },
        { "softplus", -17, 4.1399375473943306e-8 }, { "softplus", 89, 1 }, { "softplus", 0.0, 0.5 }, { "softplus", NaN, NaN },
        { "relu", 0.0, 0 }, { "relu", 1e-8, 1 }, { "relu", -17, 0 }, { "relu", NaN, NaN },
        { "exp", -17, 4.139937718785167e-8 }, { "log", 1e-8, 1e8 },
        { "leaky_relu", 0.0, 0.25 }, { "leaky_relu", 1e-8, 1 }, { "leaky_relu", -17, 0.25 }, { "leaky_relu", NaN, NaN },
        { "abs", 0.0, 0.0 }, { "abs", -1e-8, -1 }, { "abs", NaN, NaN }, { "sqrt", 0.0, Inf }, { "sqrt", 4, 0.25 }, { "sqrt", -1, NaN },
        { "square", -3, -6 }, { "reciprocal", -2, -0.25 }, { "reciprocal", 0.0, -Inf },
        { "power3", 0.0, 0.0 }, { "power3", -2, 12 }, { "power-2", -0.5, 16 }, { "power0", 0.0, 0.0 }, { "power0.3", 0.0, Inf },
    };

    [Theory, MemberData(nameof(Values))]
    public void Values_are_right_in_both_precisions(string function, double x, double expected)
    {
        foreach (DType type in (DType[])[DType.Float32, DType.Float64])
        {
            using TensorScope scope = new();
            Tensor input = new HostArray([1], [x]).ToTensor(TestDevices.Primary, type);
            AssertNear(expected, HostArray.Read(Apply(function, input))[0], type, $"{function}({x}) {type}");
        }
    }

    [Theory, MemberData(nameof(Derivatives))]
    public void Derivatives_are_right_in_both_precisions(string function, double x, double expected)
    {
        foreach (DType type in (DType[])[DType.Float32, DType.Float64])
        {
            using TensorScope scope = new();
            Tensor input = new HostArray([1], [x]).ToTensor(TestDevices.Primary, type).RequireGradient();
            Tensor gradient = Autograd.Gradient.Of(Apply(function, input).Sum(), input);
            AssertNear(expected, HostArray.Read(gradient)[0], type, $"{function}'({x}) {type}");
        }
    }

    [Fact]
    public void Relu_and_scaling_keep_the_sign_of_zero_as_their_formula_says()
    {
        using TensorScope scope = new();
        Tensor zero = Tensor.From<double>(TestDevices.Primary, [1], [-0.0]);
        Assert.True(double.IsNegative(zero.Scale(3).ToArray<double>()[0]));
        Assert.True(double.IsNegative(zero.Tanh().ToArray<double>()[0]));
        Assert.Equal(0, zero.Relu().ToArray<double>()[0]);
    }

    [Fact]
    public void Reductions_propagate_nan_and_infinity()
    {
        using TensorScope scope = new();
        double[] values = new double[5000];
        values[4321] = NaN;
        Tensor x = Tensor.From<double>(TestDevices.Primary, [5000], values);
        Assert.Equal(NaN, x.Sum().Item());
        Assert.Equal(NaN, x.MaxAbs().Item());
        values[4321] = -Inf;
        Tensor y = Tensor.From<double>(TestDevices.Primary, [5000], values);
        Assert.Equal(-Inf, y.Sum().Item());
        Assert.Equal(Inf, y.MaxAbs().Item());
    }

    [Fact]
    public void Ties_and_nan_in_maxima_go_to_the_first()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.From<float>(TestDevices.Primary, [1, 1, 2, 4], [1, 1, 2, float.NaN, 1, 1, 5, float.NaN]);
        Assert.Equal([0, 3], x.MaxPool2dIndices(2, 2).ToArray<int>());
        Assert.Equal([0, 2], Tensor.From<float>(TestDevices.Primary, [2, 4], [3, 3, 1, 2, 1, 9, float.NaN, float.NaN]).ArgMax().ToArray<int>());
    }

    [Fact]
    public void Maximum_and_minimum_keep_nan_and_give_the_gradient_of_a_tie_to_the_first()
    {
        using TensorScope scope = new();
        Tensor a = Vector(1, 2, NaN, 3, -Inf, -0.0).RequireGradient(), b = Vector(1, 5, 4, NaN, Inf, 0).RequireGradient();
        Assert.Equal([1, 5, NaN, NaN, Inf, 0], a.Maximum(b).ToArray<double>());
        Assert.Equal([1, 2, NaN, NaN, -Inf, 0], a.Minimum(b).ToArray<double>());
        Assert.Equal([1, 0, NaN, NaN, 0, 1], a.GreaterEqual(b).ToArray<double>());
        Tensor[] larger = Autograd.Gradient.Of(a.Maximum(b).Sum(), [a, b]), smaller = Autograd.Gradient.Of(a.Minimum(b).Sum(), [a, b]);
        Assert.Equal([1, 0, NaN, NaN, 0, 1], larger[0].ToArray<double>());
        Assert.Equal([0, 1, NaN, NaN, 1, 0], larger[1].ToArray<double>());
        Assert.Equal([1, 1, NaN, NaN, 1, 1], smaller[0].ToArray<double>());
        Assert.Equal([0, 0, NaN, NaN, 0, 0], smaller[1].ToArray<double>());
    }

    private static Tensor Vector(params ReadOnlySpan<double> values) => Tensor.From(TestDevices.Primary, [values.Length], values);

    private static Tensor Apply(string function, Tensor x) => function switch
    {
        "exp" => x.Exp(),
        "log" => x.Log(),
        "tanh" => x.Tanh(),
        "sigmoid" => x.Sigmoid(),
        "softplus" => x.Softplus(),
        "relu" => x.Relu(),
        "leaky_relu" => x.LeakyRelu(0.25),
        "abs" => x.Abs(),
        "sign" => x.Sign(),
        "sqrt" => x.Sqrt(),
        "square" => x.Square(),
        "reciprocal" => x.Reciprocal(),
        "step" => x.Step(),
        _ => x.Power(double.Parse(function.AsSpan("power".Length), CultureInfo.InvariantCulture)),
    };

    // Float32 inputs are rounded, and what float32 cannot hold becomes its infinity or zero.
    private static void AssertNear(double expected, double actual, DType type, string what)
    {
        double rounded = type == DType.Float32 ? (float)expected : expected;
        double tolerance = (type == DType.Float32 ? 1e-6 : 1e-9) * Math.Abs(rounded) + (type == DType.Float32 ? 1e-44 : 0);
        Assert.True(rounded.Equals(actual) || Math.Abs(actual - rounded) <= tolerance, $"{what} is {actual:R}, expected {rounded:R}");
    }
}
