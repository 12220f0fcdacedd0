using CudaLandscape.Landscape.Paths;
using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.Tests.Paths;

[Collection("device")]
public sealed class CurveTrainingTests
{
    private static readonly CurveTrainingSettings s_settings = new(60, BatchSize: 25, Rate: 0.1, WeightDecay: 0);

    // Two networks that differ in the order of hidden units have the same loss, and a barrier on the line between them.
    [Theory]
    [InlineData(CurveShape.Bezier, true)]
    [InlineData(CurveShape.PolygonalChain, false)]
    public void A_curve_goes_round_the_barrier_between_networks_whose_units_are_in_another_order(CurveShape shape, bool normalised)
    {
        using SmallClassifier net = new(normalised);
        net.Train(20);
        using TensorScope scope = new();
        Tensor start = net.Parameters.Values.Scale(1), end = net.WithHiddenUnitsMovedOn();
        using ParameterCurve line = ParameterCurve.Line(start, end), curve = new(shape, start, end, bends: 1);
        PathProfile straight = PathProfile.Along(net.Loss, line, 21);
        Assert.Equal(straight.Losses[0], straight.Losses[^1], 1e-4);
        Assert.True(straight.Barrier > 0.3, $"barrier {straight.Barrier}");
        CurveTraining.Run(curve, net.Model, net.Parameters, net.Samples, s_settings);
        PathProfile found = PathProfile.Along(net.Loss, curve, 21);
        Assert.True(found.Barrier < straight.Barrier / 5, $"barrier {found.Barrier} of {straight.Barrier}");
        Assert.Equal(straight.Points[0], found.Points[0]);
        Assert.Equal(straight.Points[^1], found.Points[^1]);
        Assert.True(net.Model.IsTraining);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits()
    {
        using SmallClassifier net = new(normalised: true);
        using TensorScope scope = new();
        Tensor start = net.Parameters.Values.Scale(1), end = start.Scale(-1);
        float[] Bend(ulong seed)
        {
            using ParameterCurve curve = new(CurveShape.Bezier, start, end, 1);
            CurveTraining.Run(curve, net.Model, net.Parameters, net.Samples, s_settings with { Epochs = 2, Seed = seed });
            return curve.Bends[0].ToArray<float>();
        }

        Assert.Equal(Bend(1), Bend(1));
        Assert.NotEqual(Bend(1), Bend(2));
    }

    [Fact]
    public void A_loss_that_is_not_finite_names_epoch_and_position()
    {
        using SmallClassifier net = new(normalised: false);
        using TensorScope scope = new();
        Tensor start = net.Parameters.Values.Scale(1);
        using ParameterCurve curve = new(CurveShape.Bezier, start, start.Scale(double.NaN), 1);
        string message = Assert.Throws<ArithmeticException>(() => CurveTraining.Run(curve, net.Model, net.Parameters, net.Samples, s_settings)).Message;
        Assert.Matches("the loss in epoch 1 at t = 0\\.\\d+ is NaN", message);
    }

    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(0.5, 0.1)]
    [InlineData(0.7, 0.0505)]
    [InlineData(0.9, 0.001)]
    [InlineData(0.99, 0.001)]
    public void The_rate_is_constant_then_falls_to_a_hundredth(double progress, double rate) =>
        Assert.Equal(rate, s_settings.RateAt(progress), 1e-12);

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        foreach (CurveTrainingSettings settings in (CurveTrainingSettings[])
            [s_settings with { Epochs = -1 }, s_settings with { BatchSize = 0 }, s_settings with { Rate = 0 }, s_settings with { Momentum = 1 }, s_settings with { WeightDecay = -1 }])
            Assert.Throws<ArgumentOutOfRangeException>(settings.Validate);
    }
}
