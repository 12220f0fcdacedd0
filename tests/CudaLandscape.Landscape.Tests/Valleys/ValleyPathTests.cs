using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Landscape.Valleys;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.Tests.Valleys;

/// <summary>ICLR'19, Lemma 2.1 and Theorem 3.3.</summary>
[Collection("device")]
public sealed class ValleyPathTests
{
    private const double Epsilon = 0.01;
    private static readonly RandomStream s_stream = new(9, 0);

    [Theory]
    [InlineData(0.1)]
    [InlineData(30)]
    public void The_loss_falls_all_the_way_from_any_point(double deviation)
    {
        using TensorScope scope = new();
        using Problem problem = new(40);
        problem.ScaleReadout(deviation);
        double start = problem.Loss();
        ValleyPath path = problem.Follow();
        Assert.Equal(Math.Log(9 / (Math.Exp(Epsilon / 2) - 1)), path.Target);
        Assert.Equal((start, start, 0.0), (path.Before, path.Losses[0], path.Perturbation));
        Assert.True(path.LargestRise < 0, $"the loss rises by {path.LargestRise}");
        Assert.True(path.LargestExcess <= 1e-9 * start, $"{path.LargestExcess} above the line");
        Assert.InRange(path.End, 0, 1.01 * Epsilon / 2);
        Assert.Equal(path.End, problem.Loss());
    }

    [Fact]
    public void Where_all_neurons_are_equal_the_weights_are_moved_a_little_first()
    {
        using TensorScope scope = new();
        using Problem problem = new(20);
        foreach (Tensor parameter in problem.Slab.Tensors[..^1]) parameter.CopyFrom(parameter.Scale(0));
        ValleyPath path = problem.Follow();
        Assert.InRange(path.Perturbation, 1e-6, 0.1);
        Assert.InRange(path.Losses[0] - path.Before, -0.1, 0.1);
        Assert.True(path.LargestRise <= 0, $"the loss rises by {path.LargestRise}");
        Assert.InRange(path.End, 0, 1.01 * Epsilon / 2);
    }

    [Fact]
    public void Two_equal_samples_with_other_labels_have_no_way_down()
    {
        using TensorScope scope = new();
        using Problem problem = new(20, repeated: true);
        double[] before = problem.Slab.Values.ToArray<double>();
        Assert.Contains("check Assumption 3.1", Assert.ThrowsAny<ArithmeticException>(() => problem.Follow()).Message);
        Assert.Equal(before, problem.Slab.Values.ToArray<double>());
    }

    // Planted: an end that is not V*, and a loss that is not convex.
    [Fact]
    public void A_broken_path_is_seen_in_its_numbers()
    {
        using TensorScope scope = new();
        Tensor v = Tensor.Zeros(TestDevices.Primary, [1], DType.Float64), from = v.Scale(1), to = v.Scale(0, 1);
        ValleyPath wrongEnd = ValleyPath.Along(v, from, to, () => 3 - v.Item(), Epsilon, 10);
        Assert.Equal((2.0, 11), (wrongEnd.End, wrongEnd.Losses.Length));
        ValleyPath rising = ValleyPath.Along(v, from, to, () => 3 + Math.Sin(3 * v.Item()) - 3 * v.Item(), Epsilon, 10);
        Assert.True(rising.LargestExcess > 0.5 && rising.LargestRise < 0);
        Assert.True(ValleyPath.Along(v, from, to, () => 3 + Math.Sin(9 * v.Item()), Epsilon, 10).LargestRise > 0.3);
        Assert.Contains("is NaN", Assert.Throws<ArithmeticException>(() => ValleyPath.Along(v, from, to, () => double.NaN, Epsilon, 10)).Message);
    }

    [Fact]
    public void Another_number_of_connections_than_samples_is_refused()
    {
        using TensorScope scope = new();
        using Problem problem = new(20);
        Assert.Contains("as samples, 10; got 20", Assert.Throws<ArgumentException>(() => ValleyPath.Follow(
            problem.Network, problem.Slab, problem.X.Slice(0, 0, 10), problem.Labels.Slab(0, [10], "labels"), Epsilon, s_stream)).Message);
    }

    [Fact]
    public void The_readout_s_Hessian_is_the_formula_with_its_one_over_N()
    {
        using TensorScope scope = new();
        using Problem problem = new(12);
        Tensor psi = problem.Network.Neurons(problem.X).Detach(), v = problem.Slab.Tensors[^1].Detach().Scale(3).RequireGradient();
        Tensor Outputs() => psi.MatMul(v, transposeB: true);
        using Curvature curvature = new(new CudaLandscape.Landscape.CriticalPoints.Objective([v], () => Outputs().CrossEntropy(problem.Labels)));
        double[] whole = curvature.Hessian().ToArray<double>();
        for (int j = 0; j < 10; j++)
        {
            double[] block = ReadoutHessian.DiagonalBlock(psi, Outputs(), j).ToArray<double>();
            double[] measured = [.. from r in Enumerable.Range(0, 12) from c in Enumerable.Range(0, 12) select whole[(12 * j + r) * 120 + 12 * j + c]];
            Close.ToScale(block, measured, 1e-12, 0, $"block {j}");
        }
    }

    [Fact]
    public void Below_the_threshold_there_is_no_error_and_just_above_there_can_be_one()
    {
        using TensorScope scope = new();
        Tensor labels = Tensor.From<int>(TestDevices.Primary, [3], [0, 1, 2]);
        LossAndErrors wrong = Of(1 + 1e-9), right = Of(1 - 1e-9);
        Assert.Equal((1, 3), (wrong.Errors, wrong.Samples));
        Assert.Equal(0, right.Errors);
        Assert.InRange(wrong.OverThreshold, 1, 1 + 1e-8);
        Assert.InRange(right.OverThreshold, 1 - 1e-8, 1);

        // One sample at the edge of two classes, two far inside theirs.
        LossAndErrors Of(double other) => LossAndErrors.Of(
            Tensor.From<double>(TestDevices.Primary, [3, 3], [1, other, -60, 0, 60, 0, 0, 0, 60]), labels);
    }

    private sealed class Problem : IDisposable
    {
        public Problem(int samples, bool repeated = false)
        {
            Sequential basis = new(
                [3, 32, 32], ("conv1", new Conv2d([3, 32, 32], 4, 5, stride: 4)), ("act1", Activation.Sigmoid),
                ("conv2", new Conv2d([4, 7, 7], 4, 3)), ("act2", Activation.Sigmoid), ("rows", new Flatten()), ("output", new Linear(100, 10)));
            Network = new SkipNetwork(basis, NeuronPool.OfActivations(basis), samples, 5);
            Network.Upload(TestDevices.Primary);
            Slab = ParameterSlab.Initialize(Network, TestDevices.Primary, DType.Float64, new Initializer(InitializerKind.Normal, 0.3), 3);
            ImageSet set = ProceduralShapes.Generate(samples, 1);
            if (repeated) set.Pixels.AsSpan(0, 3072).CopyTo(set.Pixels.AsSpan(3072));
            using DeviceSamples device = DeviceSamples.Upload(TestDevices.Primary, set);
            X = device.Images.Cast(DType.Float64);
            Labels = Tensor.From<int>(TestDevices.Primary, [samples], [.. Enumerable.Range(0, samples).Select(i => i * i % 7 + i % 2)]);
        }

        public SkipNetwork Network { get; }

        public ParameterSlab Slab { get; }

        public Tensor X { get; }

        public Tensor Labels { get; }

        public void ScaleReadout(double factor)
        {
            using TensorScope scope = new();
            Slab.Tensors[^1].CopyFrom(Slab.Tensors[^1].Detach().Scale(factor));
        }

        public double Loss()
        {
            using TensorScope scope = new();
            return Network.Forward(X).CrossEntropy(Labels).Item();
        }

        public ValleyPath Follow() => ValleyPath.Follow(Network, Slab, X, Labels, Epsilon, s_stream);

        public void Dispose()
        {
            Slab.Dispose();
            Network.Dispose();
        }
    }
}
