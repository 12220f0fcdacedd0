using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Tests;

/// <summary>Softmax, cross-entropy, maxima and norms at the points where they go wrong.</summary>
[Collection("device")]
public sealed class SoftmaxTests
{
    private const double Inf = double.PositiveInfinity, NaN = double.NaN;

    [SkippableTheory]
    [InlineData("primary", DType.Float32), InlineData("primary", DType.Float64), InlineData("check", DType.Float32)]
    public void Rows_with_infinities_and_nan_follow_the_limit_or_say_nan(string device, DType type)
    {
        using TensorScope scope = new();
        double[] rows = [0, -Inf, 0, Inf, 0, 1, NaN, 0, 0, -Inf, -Inf, -Inf, 1e4, -1e4, 0];
        Tensor x = new HostArray([5, 3], rows).ToTensor(TestDevices.Get(device), type);
        double half = type == DType.Float32 ? -(double)(float)Math.Log(2) : -Math.Log(2);
        Assert.Equal([0.5, 0, 0.5, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN, 1, 0, 0], HostArray.Read(x.Softmax()));
        Assert.Equal([half, -Inf, half, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN, 0, -2e4, -1e4], HostArray.Read(x.LogSoftmax()));
    }

    [Theory, InlineData(DType.Float32), InlineData(DType.Float64)]
    public void Cross_entropy_of_huge_logits_is_finite_in_value_and_gradient(DType type)
    {
        using TensorScope scope = new();
        Tensor logits = new HostArray([2, 3], [1e4, -1e4, 0, -1e4, 1e4, 1e4]).ToTensor(TestDevices.Primary, type).RequireGradient();
        Tensor loss = logits.CrossEntropy(Labels(1, 2));
        Close.Relative([(2e4 + Math.Log(2)) / 2], [loss.Item()], 1e-7, "loss");
        Tensor gradient = Gradient.Of(loss, [logits], null, createGraph: true)[0];
        Assert.Equal([0.5, -0.5, 0, 0, 0.25, -0.25], HostArray.Read(gradient));
        Tensor second = Gradient.Of((gradient * gradient).Sum(), logits);
        Assert.Equal([0, 0, 0, 0, 0.125, -0.125], HostArray.Read(second));
    }

    [Fact]
    public void Cross_entropy_gradient_is_softmax_minus_one_hot_over_n_and_its_hessian_exact()
    {
        using TensorScope scope = new();
        Tensor logits = Row(0.3, -1.2, 2).RequireGradient();
        double[] p = [.. Loops.LogSoftmax(new HostArray([1, 3], [0.3, -1.2, 2])).Values.Select(Math.Exp)];
        Tensor loss = logits.CrossEntropy(Labels(0));
        Close.Relative([p[0] - 1, p[1], p[2]], Gradient.Of(loss, logits).ToArray<double>(), 1e-14, "gradient");
        double[] column = [.. p.Select((q, i) => (i == 1 ? p[1] : 0) - q * p[1])];
        Close.Relative(column, Gradient.HessianVectorProduct(loss, [logits], [Row(0, 1, 0)])[0].ToArray<double>(), 1e-14, "Hessian");
    }

    [Fact]
    public void A_label_outside_the_classes_makes_the_loss_nan()
    {
        using TensorScope scope = new();
        Assert.Equal(NaN, Row(1, 2, 3).CrossEntropy(Labels(3)).Item());
        Assert.Equal(NaN, Row(1, 2, 3).CrossEntropy(Labels(-1)).Item());
        double[] put = new PutAlongAxis([1, 3], 1).Apply(Row(7).Reshape([1]), Labels(-1)).ToArray<double>();
        Assert.Equal([0.0, 0, 0], put);
    }

    [Fact]
    public void Ties_of_a_maximum_give_the_gradient_to_the_first_and_nan_is_the_maximum()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.From<double>(TestDevices.Primary, [3, 2], [2, NaN, 2, 5, 1, NaN]).RequireGradient();
        Tensor y = x.Max(0);
        Assert.Equal([2, NaN], y.ToArray<double>());
        Assert.Equal([1.0, 1, 0, 0, 0, 0], Gradient.Of(y.Sum(), x).ToArray<double>());
    }

    [Fact]
    public void The_gradient_of_a_norm_is_0_at_0()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.From<double>(TestDevices.Primary, [3, 2], [0, 0, 3, -4, NaN, 1]).RequireGradient();
        Tensor y = x.Norm(1);
        Assert.Equal([0, 5, NaN], y.ToArray<double>());
        Close.Relative([0, 0, 0.6, -0.8, NaN, NaN], Gradient.Of(y.Sum(), x).ToArray<double>(), 1e-15, "gradient");
        Assert.Equal(0, Tensor.Zeros(TestDevices.Primary, [0], DType.Float64).Norm().Item());
    }

    private static Tensor Row(params ReadOnlySpan<double> values) => Tensor.From(TestDevices.Primary, [1, values.Length], values);

    private static Tensor Labels(params ReadOnlySpan<int> labels) => Tensor.From(TestDevices.Primary, [labels.Length], labels);
}
