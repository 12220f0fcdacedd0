using CudaLandscape.Landscape.Rank;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.Tests.Rank;

/// <summary>The same features on the default and on the check device, which runs kernels one thread after another.</summary>
[Collection("device")]
public sealed class DeviceAgreementTests
{
    [SkippableFact]
    public void Two_devices_agree_on_the_singular_values_to_the_allowance_and_on_the_rank()
    {
        RankResult a = Of(TestDevices.Primary), b = Of(TestDevices.Check);
        Assert.Equal(a.SigmaMin, b.SigmaMin, a.Eta);
        Assert.Equal(a.SigmaMax, b.SigmaMax, a.Eta);
        Assert.InRange(a.Rank, b.RankLow, b.RankHigh);
        Assert.InRange(b.Rank, a.RankLow, a.RankHigh);
    }

    private static RankResult Of(Device device)
    {
        Conv2d conv = new("conv", [1, 8, 8], 2, 3);
        using ParameterSlab slab = ParameterSlab.Initialize(conv, device, DType.Float64, Initializer.Parse("normal=0.33"), 1);
        ImageSet black = new(new byte[80 * 64], new byte[80], 1, 8, 8, 1, "black", "none", isReal: false);
        using DeviceSamples samples = DeviceSamples.Upload(device, black, 1e-4, new RandomStream(1, 1UL << 50));
        using Tensor matrix = FeatureMatrix.Build(samples, 72, x => conv.Forward(x).Sigmoid().Reshape([x.Shape[0], 72]), DType.Float64);
        return MatrixRank.OfInPlace(matrix, 80, 72);
    }
}
