using CudaLandscape.Landscape.Expressivity;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.Tests.Expressivity;

[Collection("device")]
public sealed class RandomHiddenLayerTests
{
    private static readonly RandomStream s_stream = new(7, 3);
    private static readonly double[] s_points = [0.5, -0.2, -0.7, 0.4, 0.1, 0.9, 0, 0];

    [Fact]
    public void Features_are_the_formula_of_unit_directions_and_thresholds_with_a_column_of_ones()
    {
        using TensorScope scope = new();
        double[] w = RandomTensor.Normal(TestDevices.Primary, [5, 2], DType.Float64, s_stream).ToArray<double>();
        double[] b = RandomTensor.Uniform(TestDevices.Primary, [5], DType.Float64, s_stream with { Stream = 4 }, -1.5, 1.5).ToArray<double>();
        List<double> expected = [];
        foreach (double[] x in s_points.Chunk(2))
        {
            for (int j = 0; j < 5; j++)
            {
                double length = Math.Sqrt(w[2 * j] * w[2 * j] + w[2 * j + 1] * w[2 * j + 1]);
                expected.Add(1 / (1 + Math.Exp(-3 * ((w[2 * j] * x[0] + w[2 * j + 1] * x[1]) / length + b[j]))));
            }

            expected.Add(1);
        }

        Close.Relative([.. expected], Features(5, 3, t => t.Sigmoid()), 1e-13, "features");
    }

    [Fact]
    public void A_wider_layer_contains_the_narrower_one_and_another_stream_is_another_layer()
    {
        using TensorScope scope = new();
        double[][] narrow = [.. Features(4, 1, t => t).Chunk(5)], wide = [.. Features(9, 1, t => t).Chunk(10)];
        Assert.All(narrow.Zip(wide), row => Assert.Equal(row.First[..4], row.Second[..4]));
        Assert.NotEqual(narrow[0], Features(4, 1, t => t, s_stream with { Seed = 8 })[..5]);
    }

    [Fact]
    public void Thresholds_lie_within_the_radius_and_slopes_are_one()
    {
        using TensorScope scope = new();
        double[][] rows = [.. Features(200, 1, t => t).Chunk(201)];
        double[] thresholds = rows[3][..200];
        Assert.All(thresholds, b => Assert.InRange(b, -1.5, 1.5));
        Assert.True(thresholds.Max() > 1.2 && thresholds.Min() < -1.2);
        double length = Math.Sqrt(0.1 * 0.1 + 0.9 * 0.9);
        Assert.All(rows[2][..200].Zip(thresholds), f => Assert.InRange(f.First - f.Second, -length - 1e-12, length + 1e-12));
    }

    [Fact]
    public void Prediction_reproduces_targets_that_are_linear_in_the_features()
    {
        using TensorScope scope = new();
        Tensor x = RandomTensor.Uniform(TestDevices.Primary, [40, 2], DType.Float64, new RandomStream(1, 0), -1, 1);
        Tensor f = RandomHiddenLayer.Features(x, 6, 1.5, 2, t => t.Tanh(), s_stream);
        Tensor v = RandomTensor.Normal(TestDevices.Primary, [7, 2], DType.Float64, new RandomStream(1, 1)), y = f.MatMul(v);
        Tensor predicted = RandomHiddenLayer.Predict(f.Slice(0, 0, 20), y.Slice(0, 0, 20), f.Slice(0, 20, 40), 1e-15);
        Close.ToScale(y.Slice(0, 20, 40).ToArray<double>(), predicted.ToArray<double>(), 1e-6, 1, "targets of other points");
    }

    private static double[] Features(int width, double steepness, Func<Tensor, Tensor> activation, RandomStream? stream = null) =>
        RandomHiddenLayer.Features(
            Tensor.From<double>(TestDevices.Primary, [4, 2], s_points), width, 1.5, steepness, activation, stream ?? s_stream).ToArray<double>();
}
