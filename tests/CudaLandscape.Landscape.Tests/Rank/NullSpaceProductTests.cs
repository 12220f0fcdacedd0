using CudaLandscape.Landscape.Rank;
using CudaLandscape.Landscape.Tests.Linalg;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Landscape.Tests.Rank;

/// <summary>‖F V‖ of features made again, for the vectors a rank was counted by.</summary>
[Collection("device")]
public sealed class NullSpaceProductTests : IDisposable
{
    private readonly List<DeviceSamples> _samples = [];

    public void Dispose() => _samples.ForEach(s => s.Dispose());

    // Pixels with equal columns (or images): the vectors come from one matrix, the product from the pixels again.
    [Theory]
    [InlineData(320, 24)]
    [InlineData(24, 320)]
    public void The_vectors_of_a_rank_show_its_upper_end_on_features_made_again(int count, int width)
    {
        DeviceSamples samples = Pixels(count, width);
        (RankResult result, double[] v) = Find(samples, width);
        Assert.Equal((20, 20), (result.Rank, result.RankHigh));
        double norm = Norm(samples, width, v);
        Assert.InRange(norm, 0, result.Threshold);
        Assert.Equal(Plain(samples, width, v), norm, 0.1 * norm); // both are rounding
    }

    [Theory]
    [InlineData(320, 24)]
    [InlineData(24, 320)]
    public void Vectors_on_which_the_features_are_not_small_say_so(int count, int width)
    {
        DeviceSamples samples = Pixels(count, width);
        double[] unit = new double[48];
        unit[3] = unit[24 + 5] = 1;
        Assert.Equal(Plain(samples, width, unit), Norm(samples, width, unit), 1e-9);
        Assert.InRange(Norm(samples, width, unit), 5, 30);
    }

    [Fact]
    public void Vectors_that_are_not_orthonormal_show_nothing()
    {
        DeviceSamples samples = Pixels(320, 24);
        (_, double[] v) = Find(samples, 24);
        Assert.Equal(double.PositiveInfinity, Norm(samples, 24, new double[48]));
        Assert.Equal(double.PositiveInfinity, Norm(samples, 24, [.. v[..24], .. v[..24]]));
        Assert.Equal(double.PositiveInfinity, Norm(samples, 24, [double.NaN, .. v[1..]]));
        Assert.Throws<ArgumentException>(() => Norm(samples, 24, new double[25]));
        Assert.Throws<ArgumentException>(() => Norm(samples, 24, []));
    }

    private static (RankResult Result, double[] V) Find(DeviceSamples samples, int width)
    {
        using TensorScope scope = new();
        RankFinding finding = MatrixRank.FindInPlace(FeatureMatrix.Build(samples, width, x => x.Reshape([x.Shape[0], width]), DType.Float64), samples.Count, width);
        return (finding.Result, finding.NullSpace!);
    }

    private static double Norm(DeviceSamples samples, int width, double[] v) =>
        NullSpaceProduct.Norm(samples, width, x => x.Reshape([x.Shape[0], width]), DType.Float64, v);

    private static double Plain(DeviceSamples samples, int width, double[] v)
    {
        (float[] pixels, int k) = (samples.Images.ToArray<float>(), Math.Min(samples.Count, width));
        HostArray product = HostArray.Zeros([Math.Max(samples.Count, width), v.Length / k]);
        for (int n = 0; n < samples.Count; n++)
        {
            for (int i = 0; i < width; i++)
            {
                for (int d = 0; d < v.Length / k; d++) product[samples.Count > width ? n : i, d] += pixels[n * width + i] * v[d * k + (samples.Count > width ? i : n)];
            }
        }

        return Matrices.SingularValues(product)[0];
    }

    // Of 24 columns, or images, the last four are copies of the first.
    private DeviceSamples Pixels(int count, int width)
    {
        byte[] pixels = new byte[count * width];
        new System.Random(5).NextBytes(pixels);
        for (int n = 0; n < count; n++)
        {
            for (int i = 0; i < width; i++)
            {
                if ((width == 24 ? i : n) >= 20) pixels[n * width + i] = pixels[width == 24 ? n * width + i - 20 : (n - 20) * width + i];
            }
        }

        _samples.Add(DeviceSamples.Upload(TestDevices.Primary, new ImageSet(pixels, new byte[count], 1, 1, width, 1, "random", "none", isReal: false)));
        return _samples[^1];
    }
}
