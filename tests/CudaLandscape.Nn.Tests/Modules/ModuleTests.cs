using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Tests.Modules;

[Collection("device")]
public sealed class ModuleTests
{
    public static TheoryData<string, BiasKind, int, int> Convolutions => new()
    {
        { "primary", BiasKind.Shared, 1, 0 },
        { "primary", BiasKind.Neuron, 1, 0 },
        { "primary", BiasKind.Shared, 2, 1 },
        { "primary", BiasKind.Neuron, 2, 1 },
        { "check", BiasKind.Neuron, 2, 1 },
    };

    [SkippableTheory, MemberData(nameof(Convolutions))]
    public void Convolution_is_the_loops_plus_the_bias(string device, BiasKind bias, int stride, int pad)
    {
        Conv2d conv = new("conv", [3, 7, 6], filters: 4, kernel: 3, stride, pad, bias);
        using ParameterSlab slab = Draw(conv, device);
        HostArray x = TestData.Spread([2, 3, 7, 6], 1), w = Host(conv.Parameters[0]), b = Host(conv.Parameters[1]);
        HostArray expected = Loops.Conv2d(x, w, stride, pad);
        AddBias(expected, b);
        using TensorScope scope = new();
        Tensor y = conv.Forward(x.ToTensor(TestDevices.Get(device), DType.Float64));
        Assert.Equal(expected.Shape, y.Shape);
        Assert.Equal(expected.Shape.Sizes[1..].ToArray(), conv.OutputImage.Sizes.ToArray());
        Close.ToScale(expected.Values, y.ToArray<double>(), 1e-13, 1, "conv");
    }

    [Fact]
    public void Convolution_declares_names_shapes_and_fans()
    {
        Conv2d shared = new("conv1", [3, 7, 6], filters: 4, kernel: 2), neuron = new("conv1", [3, 7, 6], 4, 2, bias: BiasKind.Neuron);
        AssertParameter(shared.Parameters[0], "conv1.weight", [4, 3, 2, 2], fanIn: 12, fanOut: 16);
        AssertParameter(shared.Parameters[1], "conv1.bias", [4, 1, 1], 0, 0);
        AssertParameter(neuron.Parameters[1], "conv1.bias", [4, 6, 5], 0, 0);
        Assert.Equal((48 + 4, 48 + 120), (shared.ParameterCount, neuron.ParameterCount));
    }

    [SkippableTheory]
    [InlineData("primary")]
    [InlineData("check")]
    public void Linear_is_x_times_W_transposed_plus_b(string device)
    {
        Linear linear = new("fc", 5, 3);
        using ParameterSlab slab = Draw(linear, device);
        HostArray x = TestData.Spread([4, 5], 2), w = Host(linear.Parameters[0]), b = Host(linear.Parameters[1]);
        HostArray expected = HostArray.Zeros([4, 3]);
        for (int n = 0; n < 4; n++)
        {
            for (int o = 0; o < 3; o++)
            {
                expected[n, o] = b[o];
                for (int i = 0; i < 5; i++) expected[n, o] += x[n, i] * w[o, i];
            }
        }

        using TensorScope scope = new();
        Close.ToScale(expected.Values, linear.Forward(x.ToTensor(TestDevices.Get(device), DType.Float64)).ToArray<double>(), 1e-13, 1, "fc");
    }

    [Fact]
    public void Linear_declares_names_shapes_and_fans()
    {
        Linear linear = new("fc1", 5, 3);
        AssertParameter(linear.Parameters[0], "fc1.weight", [3, 5], fanIn: 5, fanOut: 3);
        AssertParameter(linear.Parameters[1], "fc1.bias", [3], 0, 0);
        Assert.Equal(18, linear.ParameterCount);
    }

    [Fact]
    public void A_parameter_without_value_says_what_to_do()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new Linear("fc1", 5, 3).Parameters[0].Value);
        Assert.Contains("fc1.weight", error.Message);
        Assert.Contains("initialize", error.Message);
    }

    [Fact]
    public void A_batch_that_does_not_fit_is_an_error_that_shows_the_shapes()
    {
        Conv2d conv = new("conv", [3, 7, 6], 4, 3);
        using ParameterSlab slab = Draw(conv, "primary");
        using TensorScope scope = new();
        Tensor images = Tensor.Zeros(TestDevices.Primary, [2, 1, 7, 6], DType.Float64);
        Assert.Contains("[2,1,7,6]", Assert.Throws<ArgumentException>(() => conv.Forward(images)).Message);
    }

    [Fact]
    public void A_kernel_larger_than_the_image_is_refused_when_it_is_declared()
    {
        Assert.Contains("4x4", Assert.Throws<ArgumentException>(() => new Conv2d("conv", [1, 3, 9], 2, kernel: 4)).Message);
        Assert.Throws<ArgumentException>(() => new Conv2d("conv", [1, 3, 9], 2, kernel: 2, stride: 0));
    }

    private static void AddBias(HostArray y, HostArray b)
    {
        bool shared = b.Values.Length == y.Shape[1];
        for (int i = 0; i < y.Values.Length; i++)
        {
            int area = (int)(y.Shape[2] * y.Shape[3]), inImage = i % ((int)y.Shape[1] * area);
            y.Values[i] += b.Values[shared ? inImage / area : inImage];
        }
    }

    private static void AssertParameter(Parameter p, string name, Shape shape, long fanIn, long fanOut)
    {
        Assert.Equal((name, shape, fanIn, fanOut), (p.Name, p.Shape, p.FanIn, p.FanOut));
        Assert.Equal(fanIn == 0, p.IsBias);
    }

    private static ParameterSlab Draw(Module module, string device) =>
        ParameterSlab.Initialize(module, TestDevices.Get(device), DType.Float64, Initializer.Parse("normal=0.7"), 3);

    private static HostArray Host(Parameter p) => new(p.Shape, p.Value.ToArray<double>());
}
