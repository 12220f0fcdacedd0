using CudaLandscape.Landscape.Rank;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.Tests.Rank;

[Collection("device")]
public sealed class ModelFeaturesTests
{
    [Fact]
    public void Features_of_several_layers_stand_side_by_side_unrecorded()
    {
        Sequential model = new([3], ("fc1", new Linear(3, 4)), ("act1", Activation.Relu), ("fc2", new Linear(4, 2)));
        using ParameterSlab slab = ParameterSlab.Initialize(model, TestDevices.Primary, DType.Float64, Initializer.Parse("normal=1"), 1);
        using TensorScope scope = new();
        Tensor x = RandomTensor.Normal(TestDevices.Primary, [5, 3], DType.Float64, new RandomStream(1, 9)), f = ModelFeatures.Of(model, x, "act1", "fc2");
        Assert.False(f.RequiresGradient);
        double[] both = f.ToArray<double>(), first = model.Features("act1", x).ToArray<double>(), second = model.Forward(x).ToArray<double>();
        for (int n = 0; n < 5; n++) Assert.Equal([.. first[(4 * n)..(4 * n + 4)], .. second[(2 * n)..(2 * n + 2)]], both[(6 * n)..(6 * n + 6)]);
    }

    [Fact]
    public void Unit_columns_reveal_a_rank_that_scales_hide()
    {
        using TensorScope scope = new();
        double[] rows = [1, 1e-100, 0, 1, 3e-100, 0];
        Tensor f = Tensor.From<double>(TestDevices.Primary, [2, 3], rows), scaled = ModelFeatures.WithUnitColumns(f);
        Assert.Equal(1, MatrixRank.Of(f).Rank);
        Assert.Equal(2, MatrixRank.Of(scaled).Rank);
        double[] expected = [Math.Sqrt(0.5), Math.Sqrt(0.1), 0, Math.Sqrt(0.5), Math.Sqrt(0.9), 0];
        Close.Relative(expected, scaled.ToArray<double>(), 1e-14, "unit columns");
    }
}
