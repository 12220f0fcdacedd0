using CudaLandscape.Interop;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Nn.Tests.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Tests.Optimizers;

[Collection("device")]
public sealed class AdamTests
{
    // 15, 70, 64 and 1 elements: padding after three of them, none after the third.
    private static readonly Shape[] s_shapes = [[3, 5], [70], [4, 16], [1]];

    public static TheoryData<double, double, double, double, double> Settings => new()
    {
        { 1e-3, 0, 0.9, 0.999, 1e-7 },
        { 1e-2, 0.3, 0.9, 0.999, 1e-7 },
        { 0.5, 2, 0.5, 0.75, 0.1 },
        { 1e-2, 1e-4, 0, 0.9, 1e-3 },
        { 1e-2, 0, 0.9, 0, 1e-3 },
    };

    [Theory, MemberData(nameof(Settings))]
    public void Five_steps_match_the_formulas_in_float64(double rate, double decay, double beta1, double beta2, double epsilon) =>
        CompareSteps(DType.Float64, new AdamSettings(LearningRate.InverseTime(rate, decay), beta1, beta2, epsilon), 1e-14);

    [Theory, MemberData(nameof(Settings))]
    public void Five_steps_match_the_formulas_in_float32(double rate, double decay, double beta1, double beta2, double epsilon) =>
        CompareSteps(DType.Float32, new AdamSettings(LearningRate.InverseTime(rate, decay), beta1, beta2, epsilon), 2e-6);

    [Fact]
    public void The_first_step_moves_by_the_rate_against_the_sign_whatever_the_size_of_the_gradient()
    {
        using ParameterSlab slab = Slab(new FreeParameters([4]), DType.Float64);
        double[] before = slab.Tensors[0].ToArray<double>();
        using Adam adam = new(slab, new AdamSettings(Rate: 0.25, Epsilon: 1e-30));
        using (TensorScope scope = new())
            adam.Step([Tensor.From<double>(TestDevices.Primary, [4], [1e-9, -3, 1e6, 0])]);
        double[] expected = [before[0] - 0.25, before[1] + 0.25, before[2] - 0.25, before[3]];
        Close.Relative(expected, slab.Tensors[0].ToArray<double>(), 1e-14, "first step");
    }

    [Fact]
    public void Steps_are_counted_per_optimizer()
    {
        using ParameterSlab slab = Slab(new FreeParameters([4]), DType.Float32);
        using Adam adam = new(slab, new AdamSettings(Rate: 1e-3));
        Assert.Equal(0, adam.Steps);
        using TensorScope scope = new();
        for (int i = 0; i < 3; i++) adam.Step([Tensor.Zeros(TestDevices.Primary, [4], DType.Float32)]);
        using Adam other = new(slab, new AdamSettings(Rate: 1e-3));
        Assert.Equal((3, 0), (adam.Steps, other.Steps));
    }

    [Fact]
    public void Disposing_returns_its_memory()
    {
        using ParameterSlab slab = Slab(new FreeParameters([1000]), DType.Float32);
        long before = TestDevices.Primary.UsedBytes;
        new Adam(slab, new AdamSettings(Rate: 1e-3)).Dispose();
        Assert.Equal(before, TestDevices.Primary.UsedBytes);
    }

    [SkippableFact]
    public void Running_out_of_memory_leaves_nothing_behind()
    {
        using ParameterSlab slab = Slab(new FreeParameters([100_000]), DType.Float64);
        long before = TestDevices.Primary.UsedBytes;
        using FullMemory full = new(TestDevices.Primary, left: 2_000_000);
        Assert.Throws<DeviceOutOfMemoryException>(() => new Adam(slab, new AdamSettings(Rate: 1e-3)));
        Assert.Equal(before, TestDevices.Primary.UsedBytes);
    }

    private static void CompareSteps(DType type, AdamSettings settings, double tolerance)
    {
        FreeParameters model = new(s_shapes);
        using ParameterSlab slab = Slab(model, type);
        using Adam adam = new(slab, settings);
        AdamReference[] references = [.. slab.Tensors.Select(t => new AdamReference(HostArray.Read(t), settings))];
        for (int step = 1; step <= 5; step++)
        {
            using TensorScope scope = new();
            HostArray[] gradients = [.. s_shapes.Select((shape, i) => Gradient(shape, 10 * step + i))];
            adam.Step([.. gradients.Select(g => g.ToTensor(TestDevices.Primary, type))]);
            for (int i = 0; i < references.Length; i++)
            {
                references[i].Step(gradients[i].Values);
                Close.Relative(references[i].Values, HostArray.Read(slab.Tensors[i]), tolerance, $"p{i} after step {step}");
            }
        }

        AssertPaddingIsZero(HostArray.Read(slab.Values));
    }

    // Gradients of sizes 1e-4 to 1e+2, rounded to float32 so that both types get the same; every seventh is 0.
    private static HostArray Gradient(Shape shape, int seed)
    {
        HostArray g = TestData.Spread(shape, seed);
        for (int i = 0; i < g.Values.Length; i++) g.Values[i] *= i % 7 == 3 ? 0 : Math.Pow(10, i % 5 - 3);
        return g.Rounded();
    }

    private static void AssertPaddingIsZero(double[] all)
    {
        Assert.Equal(64 + 128 + 64 + 64, all.Length);
        double[] padding = [.. all[15..64], .. all[(64 + 70)..192], .. all[257..]];
        Assert.All(padding, x => Assert.Equal(0, x));
    }

    private static ParameterSlab Slab(Module model, DType type) =>
        ParameterSlab.Initialize(model, TestDevices.Primary, type, Initializer.Parse("normal=1"), 5);
}
