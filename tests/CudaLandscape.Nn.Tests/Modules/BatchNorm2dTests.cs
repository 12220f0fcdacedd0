using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Nn.Tests.Modules;

[Collection("device")]
public sealed class BatchNorm2dTests
{
    private const double Momentum = 0.25, Epsilon = 1e-3;

    [SkippableTheory]
    [InlineData("primary", DType.Float64)]
    [InlineData("primary", DType.Float32)]
    [InlineData("check", DType.Float32)]
    public void Training_follows_the_batches_and_evaluation_uses_what_was_followed(string device, DType type)
    {
        BatchNorm2d module = new("bn", 3, Momentum, Epsilon);
        using ParameterSlab slab = Draw(module, device, type);
        double[] mean = [0, 0, 0], variance = [1, 1, 1], ones = [1, 1, 1], zeros = [0, 0, 0];
        double tolerance = type == DType.Float64 ? 1e-13 : 1e-5;
        using TensorScope scope = new();
        for (int step = 0; step < 3; step++)
        {
            HostArray x = TestData.Spread([4, 3, 2, 5], step).Rounded();
            Tensor y = module.Forward(x.ToTensor(TestDevices.Get(device), type));
            Close.Relative(Loops.BatchNormTraining(x, ones, zeros, Epsilon).Values, HostArray.Read(y), tolerance, "training");
            (double[] m, double[] v) = Loops.ChannelStatistics(x);
            mean = [.. mean.Zip(m, (old, now) => (1 - Momentum) * old + Momentum * now)];
            variance = [.. variance.Zip(v, (old, now) => (1 - Momentum) * old + Momentum * now * 40 / 39)];
        }

        Close.Relative(mean, Read(module, "bn.running_mean"), tolerance, "running mean");
        Close.Relative(variance, Read(module, "bn.running_var"), tolerance, "running variance");
        Assert.Equal([3.0], Read(module, "bn.num_batches_tracked"));
        module.IsTraining = false;
        HostArray test = TestData.Spread([1, 3, 1, 1], 9).Rounded();
        Tensor evaluated = module.Forward(test.ToTensor(TestDevices.Get(device), type));
        Close.Relative(Loops.BatchNorm(test, ones, zeros, mean, variance, Epsilon).Values, HostArray.Read(evaluated), tolerance, "evaluation");
        Assert.Equal([3.0], Read(module, "bn.num_batches_tracked"));
        Close.Relative(mean, Read(module, "bn.running_mean"), tolerance, "running mean after evaluation");
    }

    [Fact]
    public void Declares_PyTorchs_names_and_first_values_whatever_the_initializer()
    {
        BatchNorm2d module = new("bn1", 2);
        using ParameterSlab slab = Draw(module, "primary", DType.Float32);
        Assert.Equal(["bn1.weight", "bn1.bias"], module.Parameters.Select(p => p.Name));
        Assert.Equal(["bn1.running_mean", "bn1.running_var", "bn1.num_batches_tracked"], module.Buffers.Select(b => b.Name));
        Assert.Equal([1f, 1], module.Parameters[0].Value.ToArray<float>());
        Assert.Equal([0f, 0], module.Parameters[1].Value.ToArray<float>());
        Assert.Equal([1.0, 1], Read(module, "bn1.running_var"));
        Assert.True(module.Parameters.All(p => p.Value.RequiresGradient) && module.Buffers.All(b => !b.Value.RequiresGradient));
    }

    [Fact]
    public void Gradients_flow_to_input_weight_and_bias_and_not_through_the_running_statistics()
    {
        BatchNorm2d module = new("bn", 3);
        using ParameterSlab slab = Draw(module, "primary", DType.Float64);
        using TensorScope scope = new();
        HostArray x = TestData.Spread([4, 3], 4);
        Tensor input = x.ToTensor(TestDevices.Primary, DType.Float64).RequireGradient();
        Tensor y = module.Forward(input);
        Tensor[] gradients = Gradient.Of((y * y).Sum().Scale(0.5), [input, .. slab.Tensors]);
        // At weight 1 and bias 0: Σ y ∂y/∂weight = Σ y², Σ y ∂y/∂bias = Σ y = 0.
        double[] squares = Loops.SumTo(Loops.Map(HostY(y), v => v * v), [3]).Values;
        Close.Relative(squares, gradients[1].ToArray<double>(), 1e-13, "weight");
        Close.Relative([0, 0, 0], gradients[2].ToArray<double>(), 1e-13, "bias");
        Assert.All(module.Buffers, b => Assert.False(b.Value.RequiresGradient));
    }

    [Fact]
    public void Convert_takes_the_running_statistics_along_and_dispose_returns_all_memory()
    {
        long before = TestDevices.Primary.UsedBytes;
        Pair model = new(), other = new();
        ParameterSlab slab = Draw(model, "primary", DType.Float32);
        using (TensorScope scope = new())
        {
            model.Forward(TestData.Spread([6, 2], 1).ToTensor(TestDevices.Primary, DType.Float32));
        }

        ParameterSlab copy = ParameterSlab.Convert(slab, other, DType.Float64);
        foreach (ModuleBuffer buffer in model.Buffers) Assert.Equal(HostArray.Read(buffer.Value), Read(other, buffer.Name));
        Assert.Equal([1.0], Read(other, "b.num_batches_tracked"));
        Assert.Throws<ArgumentException>(() => ParameterSlab.Convert(slab, new BatchNorm2d("a", 2), DType.Float64));
        copy.Dispose();
        slab.Dispose();
        Assert.Equal(before, TestDevices.Primary.UsedBytes);
    }

    [Fact]
    public void Training_and_evaluation_reach_the_children()
    {
        Pair model = new();
        Assert.True(model.IsTraining && model.First.IsTraining);
        model.IsTraining = false;
        Assert.False(model.First.IsTraining);
        Assert.Equal(6, model.Buffers.Count);
    }

    [Fact]
    public void Bad_settings_and_use_before_initialization_say_what_to_do()
    {
        Assert.Contains("momentum", Assert.Throws<ArgumentOutOfRangeException>(() => new BatchNorm2d("bn", 3, 1.5)).Message);
        Assert.Contains("channels", Assert.Throws<ArgumentOutOfRangeException>(() => new BatchNorm2d("bn", 0)).Message);
        Assert.Contains("epsilon", Assert.Throws<ArgumentOutOfRangeException>(() => new BatchNorm2d("bn", 3, epsilon: 0)).Message);
        var error = Assert.Throws<InvalidOperationException>(() => new BatchNorm2d("bn", 3).Buffers[0].Value);
        Assert.Contains("bn.running_mean", error.Message);
    }

    private static HostArray HostY(Tensor y) => new(y.Shape, y.ToArray<double>());

    private static double[] Read(Module module, string buffer) => HostArray.Read(module.Buffers.Single(b => b.Name == buffer).Value);

    private static ParameterSlab Draw(Module module, string device, DType type) =>
        ParameterSlab.Initialize(module, TestDevices.Get(device), type, Initializer.Parse("normal=0.7"), 3);

    private sealed class Pair : Module
    {
        public BatchNorm2d First { get; } = new("a", 2);

        private BatchNorm2d Second { get; } = new("b", 2);

        public override IReadOnlyList<Parameter> Parameters => [.. First.Parameters, .. Second.Parameters];

        protected override IReadOnlyList<Module> Children => [First, Second];

        public override Tensor Forward(Tensor x) => Second.Forward(First.Forward(x));
    }
}
