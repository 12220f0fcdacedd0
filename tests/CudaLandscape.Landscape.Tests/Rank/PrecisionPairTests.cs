using CudaLandscape.Landscape.Rank;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;
using CudaLandscape.Tensors.Random;
using Xunit.Abstractions;

namespace CudaLandscape.Landscape.Tests.Rank;

/// <summary>
/// The pair that tells the truth about float32: sigmoid features of digits with noise of 1e-5 are of less than full rank by far,
/// computed in float64, and of full rank, computed in float32, with a σ_min at the floor that rounding alone makes.
/// </summary>
[Collection("device")]
public sealed class PrecisionPairTests(ITestOutputHelper output)
{
    // Small weights make of a few drawn digits what 4000 real ones are with usual weights.
    [Fact]
    public void Float32_fakes_full_rank_on_drawn_digits() => Check(ProceduralDigits.Generate(1500, 1), filters: 2, "normal=0.001", least: 900, most: 1340);

    // On 4000 real digits some 33 of 4000 are below the threshold, more or fewer with other noise and weights.
    [SkippableFact]
    public void Float32_fakes_full_rank_on_4000_digits_of_the_data_set()
    {
        Skip.IfNot(FullTests.Enabled, "takes a minute: CUDALANDSCAPE_FULL=1");
        ResolvedData data = DataSource.Resolve(null, output.WriteLine);
        Check(data.Test.Take(4000), filters: 6, "normal=0.33", data.Test.IsReal ? 3900 : 3000, most: 3990);
    }

    private void Check(ImageSet images, int filters, string weights, long least, long most)
    {
        Conv2d single = new("conv", [1, 28, 28], filters, 3), exact = new("conv", [1, 28, 28], filters, 3);
        using ParameterSlab singleSlab = ParameterSlab.Initialize(single, TestDevices.Primary, DType.Float32, Initializer.Parse(weights), 1);
        using ParameterSlab exactSlab = ParameterSlab.Convert(singleSlab, exact, DType.Float64);
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, images, 1e-5, new RandomStream(1, 1UL << 50));
        RankResult f64 = Rank(samples, exact, filters, DType.Float64), f32 = Rank(samples, single, filters, DType.Float32);
        output.WriteLine($"{images.Description}: float64 {f64.RankText} of {f64.FullRank}, σ_min {f64.SigmaMin:E2}; float32 {f32.RankText}, {f32.SigmaMin:E2}");
        Assert.InRange(f64.RankHigh, least, most);
        Assert.Equal(f32.FullRank, f32.RankLow);
        Assert.True(f32.SigmaMin > 100 * f64.SigmaMin, $"float32 {f32.SigmaMin:E2}, float64 {f64.SigmaMin:E2}");
        Assert.InRange(f32.SigmaMin / NoiseFloor.Of(f32.Rows, f32.Columns, RoundingError.OfStoring), 0.2, 20);
    }

    private static RankResult Rank(DeviceSamples samples, Conv2d conv, int filters, DType type)
    {
        long width = 676L * filters;
        using Tensor matrix = FeatureMatrix.Build(samples, width, x => conv.Forward(x).Sigmoid().Reshape([x.Shape[0], width]), type);
        return MatrixRank.OfInPlace(matrix, samples.Count, width);
    }
}
