using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Tests.Training;

[Collection("device")]
public sealed class RunningStatisticsTests
{
    // 28 x 28 pixels in 4 x 4 means: 7 x 7, one channel, normalised at once.
    private static Sequential Model() => new([1, 28, 28], ("pool", new AvgPool2d(4)), ("bn", new BatchNorm2d(1, momentum: 0.3)));

    [Theory]
    [InlineData(40)]
    [InlineData(25)]
    [InlineData(16)]
    public void They_are_the_means_over_the_batches_whatever_they_were(int batch)
    {
        Sequential model = Model();
        using ParameterSlab slab = ParameterSlab.Initialize(model, TestDevices.Primary, DType.Float64, Initializer.Parse("normal=1"), 1);
        ImageSet set = ProceduralDigits.Generate(40, 1);
        using DeviceSamples images = DeviceSamples.Upload(TestDevices.Primary, set);
        Tensor pooled = images.Images.Cast(DType.Float64).AveragePool2d(4);
        double[] pixels = pooled.ToArray<double>();
        using DeviceSamples samples = DeviceSamples.Of(images.Images.Cast(DType.Float64), images.Labels, 10);
        model.Buffers[0].Value.CopyFrom(Tensor.Full(TestDevices.Primary, [1], DType.Float64, double.NaN));
        RunningStatistics.Estimate(model, samples, batch);
        double mean = 0, variance = 0;
        foreach (double[] part in pixels.Chunk(batch * 49))
        {
            double average = part.Average();
            mean += average * part.Length / pixels.Length;
            variance += part.Sum(p => (p - average) * (p - average)) / (part.Length - 1) * part.Length / pixels.Length;
        }

        Assert.Equal(mean, model.Buffers[0].Value.ToArray<double>()[0], 1e-13);
        Assert.Equal(variance, model.Buffers[1].Value.ToArray<double>()[0], 1e-13);
        Assert.Equal((40 + batch - 1) / batch, model.Buffers[2].Value.Item());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Mode_and_momentum_are_as_before(bool training)
    {
        Sequential model = Model();
        using ParameterSlab slab = ParameterSlab.Initialize(model, TestDevices.Primary, DType.Float32, Initializer.Parse("normal=1"), 1);
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, ProceduralDigits.Generate(10, 1));
        model.IsTraining = training;
        RunningStatistics.Estimate(model, samples, 10);
        Assert.Equal(training, model.IsTraining);
        double before = model.Buffers[0].Value.Item();
        model.IsTraining = true;
        model.Forward(Tensor.Zeros(TestDevices.Primary, [2, 1, 28, 28], DType.Float32));
        Assert.Equal(0.7 * before, model.Buffers[0].Value.Item(), 1e-6);
    }

    [Fact]
    public void A_batch_of_no_sample_is_refused()
    {
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, ProceduralDigits.Generate(1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => RunningStatistics.Estimate(Model(), samples, 0));
    }
}
