using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Nn.Tests.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Tests.Optimizers;

[Collection("device")]
public sealed class LearningRateTests
{
    // Name, schedule, its rates at steps 0, 1, … by hand.
    public static TheoryData<string, LearningRate, double[]> Schedules => new()
    {
        { "constant", 0.3, [0.3, 0.3, 0.3] },
        { "inverse time", LearningRate.InverseTime(0.3, 0.5), [0.3, 0.2, 0.15, 0.12] },
        { "exponential", LearningRate.Exponential(8, 0.5), [8, 4, 2, 1, 0.5] },
        { "staircase", LearningRate.Exponential(8, 0.5, 3), [8, 8, 8, 4, 4, 4, 2] },
        { "milestones", LearningRate.Steps(8, 0.25, 1, 2, 5), [8, 2, 0.5, 0.5, 0.5, 0.125, 0.125] },
        { "of eight", LearningRate.TenthAtHalfAndThreeQuarters(0.1, 8), [0.1, 0.1, 0.1, 0.1, 0.01, 0.01, 1e-3, 1e-3] },
        { "of seven", LearningRate.TenthAtHalfAndThreeQuarters(0.1, 7), [0.1, 0.1, 0.1, 0.1, 0.01, 0.01, 1e-3] },
    };

    public static TheoryData<string, LearningRate> Bad => new()
    {
        { "learning rate must be positive", 0 },
        { "learning rate must be positive", double.NaN },
        { "decay must be 0 or more", LearningRate.InverseTime(1, -1) },
        { "factor of the learning rate must be positive", LearningRate.Exponential(1, 0) },
        { "interval of the learning rate must be 0 or more", LearningRate.Exponential(1, 0.5, -1) },
        { "milestone 1 of the learning rate must be positive", LearningRate.Steps(1, 0.5, 0) },
        { "milestone 2 of the learning rate must be positive and later", LearningRate.Steps(1, 0.5, 3, 3) },
    };

    [Theory, MemberData(nameof(Schedules))]
    public void Every_step_has_the_rate_worked_out_by_hand(string name, LearningRate rate, double[] expected)
    {
        using ParameterSlab slab = Slab();
        using Optimizer optimizer = new SgdSettings(rate).Create(slab);
        Assert.Equal(0, optimizer.Rate);
        for (int step = 0; step < expected.Length; step++)
        {
            Assert.Equal(expected[step], rate.After(step), 1e-15);
            Step(optimizer);
            Assert.True(Math.Abs(expected[step] - optimizer.Rate) <= 1e-15, $"{name}: step {step} has rate {optimizer.Rate}");
            Assert.Equal(step + 1, optimizer.Steps);
        }
    }

    [Fact]
    public void A_recorded_step_sees_each_step_s_rate()
    {
        using ParameterSlab slab = Slab();
        using Optimizer optimizer = new SgdSettings(LearningRate.Steps(8, 0.25, 2, 3)).Create(slab);
        using CapturedStep step = CapturedStep.Record(TestDevices.Primary, () => Step(optimizer));
        List<double> rates = [optimizer.Rate];
        for (int i = 0; i < 3; i++)
        {
            step.Replay();
            rates.Add(optimizer.Rate);
        }

        Assert.Equal([8, 8, 2, 0.5], rates);
    }

    [Theory, MemberData(nameof(Bad))]
    public void A_schedule_outside_its_range_is_refused_before_anything_is_allocated(string message, LearningRate rate)
    {
        using ParameterSlab slab = Slab();
        long before = TestDevices.Primary.UsedBytes;
        Assert.StartsWith($"SGD: {message}", Assert.Throws<ArgumentOutOfRangeException>(() => new SgdSettings(rate).Create(slab)).Message);
        Assert.StartsWith($"Adam: {message}", Assert.Throws<ArgumentOutOfRangeException>(() => new AdamSettings(rate).Create(slab)).Message);
        Assert.Equal(before, TestDevices.Primary.UsedBytes);
    }

    private static void Step(Optimizer optimizer)
    {
        using TensorScope scope = new();
        optimizer.Step([Tensor.Zeros(TestDevices.Primary, [4], DType.Float32)]);
    }

    private static ParameterSlab Slab() =>
        ParameterSlab.Initialize(new FreeParameters([4]), TestDevices.Primary, DType.Float32, Initializer.GlorotUniform, 1);
}
