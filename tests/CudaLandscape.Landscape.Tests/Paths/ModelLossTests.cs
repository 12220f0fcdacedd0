using CudaLandscape.Landscape.Paths;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.Tests.Paths;

[Collection("device")]
public sealed class ModelLossTests
{
    [Fact]
    public void Without_batch_normalisation_it_is_the_evaluation_at_the_point()
    {
        using SmallClassifier net = new(normalised: false);
        using TensorScope scope = new();
        Tensor point = net.Parameters.Values.Scale(1);
        ClassificationEvaluation here = ClassificationEvaluation.Of(net.Model, net.Samples);
        PointLoss far = net.Loss.At(point.Scale(3), "far");
        Assert.NotEqual(here.CrossEntropy, far.Loss);
        Assert.Equal(new PointLoss(here.CrossEntropy, here.Errors), net.Loss.At(point, "here"));
    }

    [Fact]
    public void It_does_not_depend_on_running_statistics_from_elsewhere()
    {
        using SmallClassifier net = new(normalised: true);
        net.Train(3);
        using TensorScope scope = new();
        Tensor point = net.Parameters.Values.Scale(1);
        PointLoss first = net.Loss.At(point, "here");
        Assert.Throws<ArithmeticException>(() => net.Loss.At(point.Scale(double.PositiveInfinity), "t = 0.5")); // leaves not-a-number behind
        Assert.Equal(first, net.Loss.At(point, "here"));
    }

    // What an evaluation with the statistics of another point would give: the reason for estimating them anew.
    [Fact]
    public void Statistics_of_another_point_give_another_loss()
    {
        using SmallClassifier net = new(normalised: true);
        net.Train(3);
        using TensorScope scope = new();
        Tensor point = net.Parameters.Values.Scale(1);
        PointLoss right = net.Loss.At(point, "here");
        net.Loss.At(point.Scale(-0.5), "elsewhere");
        net.Parameters.Values.CopyFrom(point);
        Assert.True(Math.Abs(ClassificationEvaluation.Of(net.Model, net.Samples).CrossEntropy - right.Loss) > 0.05 * right.Loss);
    }

    [Fact]
    public void A_loss_that_is_not_finite_names_the_point()
    {
        using SmallClassifier net = new(normalised: false);
        using TensorScope scope = new();
        Tensor nan = net.Parameters.Values.Scale(double.NaN);
        Assert.Contains("The loss at t = 0.5 is NaN", Assert.Throws<ArithmeticException>(() => net.Loss.At(nan, "t = 0.5")).Message);
    }

    [Fact]
    public void A_point_of_another_shape_is_refused()
    {
        using SmallClassifier net = new(normalised: false);
        using TensorScope scope = new();
        Assert.Contains("expects a point like", Assert.Throws<ArgumentException>(
            () => net.Loss.At(Tensor.Zeros(TestDevices.Primary, [3], DType.Float32), "here")).Message);
    }
}
