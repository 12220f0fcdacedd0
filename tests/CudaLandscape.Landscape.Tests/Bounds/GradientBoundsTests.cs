using CudaLandscape.Landscape.Bounds;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;
using MathNet.Numerics.LinearAlgebra;

namespace CudaLandscape.Landscape.Tests.Bounds;

[Collection("device")]
public sealed class GradientBoundsTests
{
    private static readonly MatrixBuilder<double> s_matrix = Matrix<double>.Build;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Bounds_and_gradient_are_those_of_the_formulas_in_another_library(ulong seed)
    {
        Sequential model = Full();
        using ParameterSlab slab = Draw(model, seed);
        using TensorScope scope = new();
        (Tensor x, Tensor y) = (Normal([4, 2], seed), Normal([4, 2], seed + 100));
        GradientBounds bounds = GradientBounds.Of(model, "act1", x, y);

        Matrix<double> f1 = Sigmoid(Affine(Rows(x), slab, 0)), g2 = Affine(f1, slab, 2), residual = Affine(Sigmoid(g2), slab, 4) - Rows(y);
        Matrix<double> w3 = Rows(slab.Tensors[4]), slopes = Sigmoid(g2).PointwiseMultiply(Sigmoid(-g2));
        Matrix<double> gradient = f1.TransposeThisAndMultiply((residual * w3).PointwiseMultiply(slopes));
        Vector<double> features = f1.Svd().S, weights = w3.Svd().S;
        double norm = residual.FrobeniusNorm();
        Assert.Equal(gradient.FrobeniusNorm(), bounds.Gradient, 1e-12);
        Assert.Equal(norm * norm / 2, bounds.Loss, 1e-12);
        Assert.Equal(features.Minimum() * weights.Minimum() * slopes.Enumerate().Min() * norm, bounds.Lower, 1e-12);
        Assert.Equal(features.Maximum() * weights.Maximum() * slopes.Enumerate().Max() * norm, bounds.Upper, 1e-12);
        Assert.True(bounds.Hold());
    }

    [Theory]
    [InlineData(1, 0.5, 2, true)]
    [InlineData(1, 1.1, 2, false)]
    [InlineData(1, 0.5, 0.9, false)]
    [InlineData(double.NaN, 0, 1, false)]
    public void A_gradient_outside_the_bounds_does_not_hold(double gradient, double lower, double upper, bool expected) =>
        Assert.Equal(expected, new GradientBounds(lower, gradient, upper, 1).Hold());

    [Fact]
    public void Fewer_features_than_samples_have_the_lower_bound_zero()
    {
        Sequential model = Full();
        using ParameterSlab slab = Draw(model, 1);
        using TensorScope scope = new();
        GradientBounds bounds = GradientBounds.Of(model, "act1", Normal([6, 2], 1), Normal([6, 2], 2));
        Assert.Equal(0, bounds.Lower);
        Assert.True(bounds.Gradient > 0 && bounds.Hold());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_chain_rule_leads_from_full_weights_to_filters(int stride)
    {
        Sequential model = Convolutional(stride);
        using ParameterSlab slab = Draw(model, 5);
        using TensorScope scope = new();
        Assert.InRange(ChainRule.LargestDeviation(model, "act1", Normal([3, 1, 6, 6], 1), Normal([3, 2], 2)), 0, 1e-13);
    }

    [Fact]
    public void A_pooling_layer_is_refused_with_the_assumption_it_breaks()
    {
        Sequential model = new([1, 6, 6], ("conv1", new Conv2d([1, 6, 6], 2, 3)), ("act1", Activation.Sigmoid), ("pool", new MaxPool2d(2)), ("flatten", new Flatten()), ("fc", new Linear(8, 2)));
        using ParameterSlab slab = Draw(model, 1);
        using TensorScope scope = new();
        var error = Assert.Throws<ArgumentException>(() => GradientBounds.Of(model, "act1", Normal([3, 1, 6, 6], 1), Normal([3, 2], 2)));
        Assert.Contains("'pool' (MaxPool2d) pools, which Assumption 4.1", error.Message);
    }

    [Fact]
    public void An_activation_next_is_refused()
    {
        Sequential model = Full();
        using ParameterSlab slab = Draw(model, 1);
        using TensorScope scope = new();
        Assert.Contains("a layer with weights must come next", Assert.Throws<ArgumentException>(
            () => GradientBounds.Of(model, "fc1", Normal([4, 2], 1), Normal([4, 2], 2))).Message);
    }

    private static Sequential Full() => new(
        [2], ("fc1", new Linear(2, 5)), ("act1", Activation.Sigmoid), ("fc2", new Linear(5, 3)), ("act2", Activation.Sigmoid), ("fc3", new Linear(3, 2)));

    private static Sequential Convolutional(int stride)
    {
        Conv2d second = new([3, 4, 4], 2, kernel: 2, stride);
        return new(
            [1, 6, 6], ("conv1", new Conv2d([1, 6, 6], 3, kernel: 3)), ("act1", Activation.Sigmoid), ("conv2", second),
            ("act2", Activation.Tanh), ("flatten", new Flatten()), ("fc", new Linear(second.OutputImage.ElementCount, 2)));
    }

    private static ParameterSlab Draw(Module model, ulong seed) =>
        ParameterSlab.Initialize(model, TestDevices.Primary, DType.Float64, Initializer.Parse("normal=1"), seed);

    private static Tensor Normal(Shape shape, ulong seed) =>
        RandomTensor.Normal(TestDevices.Primary, shape, DType.Float64, new RandomStream(seed, 7));

    private static Matrix<double> Rows(Tensor t) => s_matrix.DenseOfRowMajor((int)t.Shape[0], (int)t.Shape[1], t.ToArray<double>());

    private static Matrix<double> Affine(Matrix<double> x, ParameterSlab slab, int weight)
    {
        double[] bias = slab.Tensors[weight + 1].ToArray<double>();
        return x.TransposeAndMultiply(Rows(slab.Tensors[weight])).MapIndexed((_, j, value) => value + bias[j]);
    }

    private static Matrix<double> Sigmoid(Matrix<double> g) => g.Map(v => 1 / (1 + Math.Exp(-v)));
}
