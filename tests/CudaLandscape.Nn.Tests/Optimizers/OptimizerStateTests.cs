using CudaLandscape.Interop;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Nn.Tests.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Tests.Optimizers;

[Collection("device")]
public sealed class OptimizerStateTests
{
    private static readonly LearningRate s_rate = LearningRate.Exponential(0.1, 0.5, 3);

    public static TheoryData<string> Names => ["sgd", "adam"];

    [Theory, MemberData(nameof(Names))]
    public void A_state_copied_into_a_new_optimizer_goes_on_with_the_same_bits(string name)
    {
        byte[] whole = Train(name, steps: 7, interruptedAfter: null), resumed = Train(name, steps: 7, interruptedAfter: 4);
        Assert.Equal(whole, resumed);
        Assert.NotEqual(whole, Train(name, steps: 6, interruptedAfter: null));
    }

    [Theory]
    [InlineData("sgd", "learning_rate", "velocity")]
    [InlineData("adam", "learning_rate", "adam", "m", "v")]
    public void State_is_named(string name, params string[] expected)
    {
        using ParameterSlab slab = Slab();
        using Optimizer optimizer = Settings(name).Create(slab);
        Assert.Equal(expected, optimizer.State.Select(s => s.Name));
    }

    [Theory, MemberData(nameof(Names))]
    public void Disposing_returns_the_memory(string name)
    {
        using ParameterSlab slab = Slab();
        long before = TestDevices.Primary.UsedBytes;
        Settings(name).Create(slab).Dispose();
        Assert.Equal(before, TestDevices.Primary.UsedBytes);
    }

    [SkippableTheory, MemberData(nameof(Names))]
    public void Running_out_of_memory_leaves_nothing_behind(string name)
    {
        using ParameterSlab slab = ParameterSlab.Initialize(
            new FreeParameters([200_000]), TestDevices.Primary, DType.Float64, Initializer.GlorotUniform, 1);
        long before = TestDevices.Primary.UsedBytes;
        using FullMemory full = new(TestDevices.Primary, left: 2_000_000);
        Assert.Throws<DeviceOutOfMemoryException>(() => Settings(name).Create(slab));
        Assert.Equal(before, TestDevices.Primary.UsedBytes);
    }

    [Theory]
    [InlineData(-0.1, false, 0, "momentum must be in [0, 1)")]
    [InlineData(1, false, 0, "momentum must be in [0, 1)")]
    [InlineData(double.NaN, true, 0, "momentum must be in [0, 1)")]
    [InlineData(0, true, 0, "momentum must be above 0 with Nesterov")]
    [InlineData(0.9, false, -1e-9, "weight decay must be 0 or more")]
    [InlineData(0.9, false, double.PositiveInfinity, "weight decay must be 0 or more")]
    public void A_setting_of_SGD_outside_its_range_is_named(double momentum, bool nesterov, double weightDecay, string message)
    {
        SgdSettings settings = new(0.1, momentum, nesterov, weightDecay);
        Assert.StartsWith($"SGD: {message}", Assert.Throws<ArgumentOutOfRangeException>(settings.Validate).Message);
    }

    private static byte[] Train(string name, int steps, int? interruptedAfter)
    {
        using ParameterSlab slab = Slab();
        Optimizer optimizer = Settings(name).Create(slab);
        for (int step = 0; step < steps; step++)
        {
            using TensorScope scope = new();
            optimizer.Step([TestData.Spread([70], step).ToTensor(TestDevices.Primary, DType.Float32)]);
            if (step + 1 != interruptedAfter) continue;
            Optimizer next = Settings(name).Create(slab);
            foreach (((_, Tensor from), (_, Tensor to)) in optimizer.State.Zip(next.State)) to.CopyFrom(from);
            optimizer.Dispose();
            optimizer = next;
        }

        optimizer.Dispose();
        return slab.Values.ToBytes();
    }

    private static OptimizerSettings Settings(string name) =>
        name == "adam" ? new AdamSettings(s_rate) : new SgdSettings(s_rate, 0.9, Nesterov: true);

    private static ParameterSlab Slab() =>
        ParameterSlab.Initialize(new FreeParameters([70]), TestDevices.Primary, DType.Float32, Initializer.GlorotUniform, 1);
}
