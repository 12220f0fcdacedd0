using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Landscape.Spectrum;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;
using MathNet.Numerics.LinearAlgebra;
using Objective = CudaLandscape.Landscape.CriticalPoints.Objective;

namespace CudaLandscape.Landscape.Tests.Spectrum;

/// <summary>Lanczos on the Hessian of a trained network of ICML'18, Figure 1, and on reductions of it whose spectrum is known otherwise.</summary>
[Collection("device")]
public sealed class TrainedSpectrumTests : IDisposable
{
    private const int Samples = 60;
    private readonly Figure1Network _network = new(2);
    private readonly ParameterSlab _parameters;
    private readonly Tensor _x, _y;

    public TrainedSpectrumTests()
    {
        using TensorScope scope = new();
        using DeviceSamples digits = DeviceSamples.Upload(TestDevices.Primary, ProceduralDigits.Generate(Samples, 1));
        using ParameterSlab trained = ParameterSlab.Initialize(_network, TestDevices.Primary, DType.Float32, Initializer.GlorotUniform, 1);
        Trainer.Run(_network, trained, digits, new TrainingSettings(250, 10, new AdamSettings(4e-3), Captured: true, Fused: true));
        Assert.True(Evaluation.Of(_network, digits).Errors < Samples / 2, "it has learned something");
        _parameters = ParameterSlab.Convert(trained, _network, DType.Float64);
        _x = scope.Keep(digits.Images.Cast(DType.Float64));
        _y = scope.Keep(digits.Labels.OneHot(10, DType.Float64));
    }

    [Fact]
    public void The_largest_eigenvalue_is_the_curvature_by_finite_differences_and_its_residual_is_within_the_bound()
    {
        using TensorScope scope = new();
        Objective objective = Objective.Of(_parameters, Loss);
        Tensor here = objective.Point(), y;
        double largest, bound;
        using (Curvature curvature = new(objective))
        {
            using LanczosResult result = Lanczos.Run(SymmetricOperator.Of(curvature), 25, new RandomStream(2, 0));
            (largest, bound, y) = (result.RitzValues[^1], result.ResidualBounds[^1], result.RitzVector(result.Steps - 1));
            Tensor residual = curvature.HessianVectorProduct(y) - y.Scale(largest);
            Assert.Equal(bound, residual.Norm().Item(), 1e-8 * largest);
        }

        Assert.True(bound < 1e-4 * largest, $"{largest} ± {bound}");
        Tensor Slope(double step)
        {
            objective.MoveTo(here + y.Scale(step));
            return objective.Gradient().Gradient;
        }

        double curved = ((Slope(1e-5) - Slope(-1e-5)) * y).Sum().Item() / 2e-5;
        Assert.Equal(largest, curved, 1e-5 * largest);
    }

    // In the output layer alone the loss is quadratic: its Hessian is the Gram matrix of (F, 1) once for each class. Rounding can
    // bring in a second of the ten copies of an eigenvalue.
    [Fact]
    public void In_the_output_layer_the_extremes_are_those_of_the_features_Gram_matrix()
    {
        using TensorScope scope = new();
        Objective layer = new(_parameters.Tensors[^2..], Loss);
        Matrix<double> features = Matrix<double>.Build.DenseOfRowArrays(
            _network.Features("sigmoid3", _x).Detach().ToArray<double>().Chunk(100).Select(row => (double[])[.. row, 1]));
        double[] expected = [.. features.Svd(false).S.Select(s => s * s)];
        using Curvature curvature = new(layer);
        using LanczosResult result = Lanczos.Run(SymmetricOperator.Of(curvature), 30, new RandomStream(3, 0));
        Assert.Equal(1010, layer.Dimension);
        double[] copies = [.. result.RitzValues.Where(v => v > 2 * expected[1])];
        Assert.All(copies, v => Assert.Equal(expected[0], v, 1e-9 * expected[0]));
        Assert.Equal(expected[1], result.RitzValues[^(copies.Length + 1)], 1e-9 * expected[0]);
        Assert.InRange(result.RitzValues[0], -1e-12 * expected[0], result.ResidualBounds[0] + 1e-12 * expected[0]);
        using Curvature whole = new(Objective.Of(_parameters, Loss));
        using LanczosResult all = Lanczos.Run(SymmetricOperator.Of(whole), 25, new RandomStream(2, 0));
        Assert.True(all.RitzValues[^1] >= expected[0] * (1 - 1e-9), "a block's largest eigenvalue is at most the matrix' (Cauchy)");
    }

    [Fact]
    public void A_reduced_network_of_the_same_layers_has_the_dense_extremes_at_the_end_of_a_descent()
    {
        using TensorScope scope = new();
        Sequential model = new(
            [1, 7, 7], new Conv2d([1, 7, 7], 2, kernel: 3), Activation.Sigmoid, new MaxPool2d(2, 1), new Conv2d([2, 4, 4], 3, kernel: 2),
            Activation.Sigmoid, new Flatten(), new Linear(27, 4), Activation.Sigmoid, new Linear(4, 3));
        using ParameterSlab slab = ParameterSlab.Initialize(model, TestDevices.Primary, DType.Float64, Initializer.GlorotUniform, 2);
        Tensor x = _x.AveragePool2d(4), y = _y.Slice(1, 0, 3);
        Objective objective = Objective.Of(slab, () => model.Forward(x).SquaredLoss(y, LossNormalization.HalfSum));
        double start = objective.Value();
        Assert.True(GradientDescent.Run(objective, maxSteps: 60).Value < 0.7 * start);
        CriticalPoint dense = CriticalPoint.At(objective);
        using Curvature curvature = new(objective);
        using LanczosResult result = Lanczos.Run(SymmetricOperator.Of(curvature), 90, new RandomStream(4, 0));
        Close.ToScale([dense.Lowest, dense.Highest], [result.RitzValues[0], result.RitzValues[^1]], 1e-9, 0, "extremes");
    }

    public void Dispose()
    {
        foreach (IDisposable owned in (IDisposable[])[_parameters, _x, _y]) owned.Dispose();
    }

    private Tensor Loss() => _network.Forward(_x).SquaredLoss(_y, LossNormalization.HalfSum);
}
