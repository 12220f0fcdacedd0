using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Nn.Tests.Models;

[Collection("device")]
public sealed class Figure1NetworkTests
{
    public static TheoryData<Conv2Choice, BiasKind> Variants => new()
    {
        { Conv2Choice.Kernel2Stride1, BiasKind.Shared },
        { Conv2Choice.Kernel2Stride1, BiasKind.Neuron },
        { Conv2Choice.Kernel3Stride2, BiasKind.Shared },
        { Conv2Choice.Kernel3Stride2, BiasKind.Neuron },
    };

    [Theory]
    [InlineData(100, BiasKind.Shared, 82_130)]
    [InlineData(100, BiasKind.Neuron, 152_490)]
    [InlineData(89, BiasKind.Shared, 81_140)]
    [InlineData(89, BiasKind.Neuron, 144_075)]
    [InlineData(10, BiasKind.Shared, 74_030)]
    [InlineData(10, BiasKind.Neuron, 83_640)]
    public void Parameters_are_as_many_as_counted_by_hand(int t1, BiasKind bias, long count) =>
        Assert.Equal(count, new Figure1Network(t1, Conv2Choice.Kernel2Stride1, bias).ParameterCount);

    // conv1 9 T1 + T1 or 676 T1; conv2 80·9 T1 + 80 or 2880; 720·100 + 100; 100·10 + 10.
    [Theory]
    [InlineData(10, BiasKind.Shared, 100 + 7_200 + 80 + 72_100 + 1_010)]
    [InlineData(10, BiasKind.Neuron, 90 + 6_760 + 7_200 + 2_880 + 72_100 + 1_010)]
    public void Parameters_of_the_3x3_choice_are_as_many_as_counted_by_hand(int t1, BiasKind bias, long count) =>
        Assert.Equal(count, new Figure1Network(t1, Conv2Choice.Kernel3Stride2, bias).ParameterCount);

    [Theory, MemberData(nameof(Variants))]
    public void Widths_are_784_676_T1_169_T1_2880_720_100_10(Conv2Choice conv2, BiasKind bias)
    {
        Figure1Network model = new(3, conv2, bias);
        using ParameterSlab slab = Draw(model, DType.Float32);
        using TensorScope scope = new();
        Tensor images = Tensor.Zeros(TestDevices.Primary, [5, 1, 28, 28], DType.Float32);
        Assert.Equal((3 * 676, 2880), (model.Width1, Figure1Network.Width3));
        Assert.Equal([5, 3 * 676], model.Features1(images).Shape);
        Assert.Equal([5, 2880], model.Features3(images).Shape);
        Assert.Equal([5, 10], model.Forward(images).Shape);
        int maps = conv2 == Conv2Choice.Kernel2Stride1 ? 20 : 80, kernel = conv2 == Conv2Choice.Kernel2Stride1 ? 2 : 3;
        Assert.Equal([maps, 3, kernel, kernel], Named(model, "conv2.weight").Shape);
        Assert.Equal([100, 720], Named(model, "fc1.weight").Shape);
        Assert.Equal([10, 100], Named(model, "fc2.weight").Shape);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    [InlineData(int.MinValue)]
    public void No_filters_is_an_error_that_names_T1(int t1)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new Figure1Network(t1));
        Assert.Contains($"T1, the number of filters, must be 1 or more; got {t1}", error.Message);
    }

    [Theory, MemberData(nameof(Variants))]
    public void Forward_and_features_match_plain_loops(Conv2Choice conv2, BiasKind bias)
    {
        Figure1Network model = new(2, conv2, bias);
        using ParameterSlab slab = Draw(model, DType.Float64);
        HostArray images = TestData.Spread([3, 1, 28, 28], 1);
        (HostArray f1, HostArray f3, HostArray output) = new Figure1Loops(model).Forward(images);
        using TensorScope scope = new();
        Tensor x = images.ToTensor(TestDevices.Primary, DType.Float64);
        Close.ToScale(f1.Values, model.Features1(x).ToArray<double>(), 1e-12, 1, "F1");
        Close.ToScale(f3.Values, model.Features3(x).ToArray<double>(), 1e-12, 1, "F3");
        Close.ToScale(output.Values, model.Forward(x).ToArray<double>(), 1e-12, 1, "output");
    }

    [Theory, MemberData(nameof(Variants))]
    public void Gradient_of_the_loss_matches_finite_differences_of_the_loops(Conv2Choice conv2, BiasKind bias)
    {
        Figure1Network model = new(2, conv2, bias);
        using ParameterSlab slab = Draw(model, DType.Float64);
        HostArray images = TestData.Spread([2, 1, 28, 28], 2);
        int[] labels = [3, 7];
        Figure1Loops loops = new(model);
        double[][] gradients = Gradients(model, slab, images, labels);
        for (int i = 0; i < gradients.Length; i++)
        {
            string name = model.Parameters[i].Name;
            double scale = gradients[i].Max(Math.Abs);
            Assert.True(scale > 1e-6, $"{name}: all gradients are small");
            foreach (int position in Sample(gradients[i].Length))
            {
                double expected = Difference(loops, name, position, images, labels), actual = gradients[i][position];
                Assert.True(Math.Abs(actual - expected) <= 1e-6 * scale, $"{name}[{position}]: {actual:R}, differences give {expected:R}");
            }
        }
    }

    private static double[][] Gradients(Figure1Network model, ParameterSlab slab, HostArray images, int[] labels)
    {
        using TensorScope scope = new();
        Tensor target = Tensor.From<int>(TestDevices.Primary, [labels.Length], labels).OneHot(10, DType.Float64);
        Tensor output = model.Forward(images.ToTensor(TestDevices.Primary, DType.Float64));
        Tensor loss = output.SquaredLoss(target, LossNormalization.PerEntry);
        return Array.ConvertAll(Gradient.Of(loss, slab.Tensors), g => g.ToArray<double>());
    }

    // Central differences: an error of about 1e-10, and steps too small to move the maximum of a window.
    private static double Difference(Figure1Loops loops, string name, int position, HostArray images, int[] labels)
    {
        const double h = 1e-5;
        HostArray original = loops.Values[name];
        double value = original.Values[position];
        loops.Values[name] = original.WithValue(position, value + h);
        double above = loops.Loss(images, labels);
        loops.Values[name] = original.WithValue(position, value - h);
        double below = loops.Loss(images, labels);
        loops.Values[name] = original;
        return (above - below) / (2 * h);
    }

    private static IEnumerable<int> Sample(int length) => new[] { 0, 1, length / 3, length / 2, length - 1 }.Where(i => i < length).Distinct();

    private static Parameter Named(Module model, string name) => model.Parameters.Single(p => p.Name == name);

    private static ParameterSlab Draw(Module model, DType type) =>
        ParameterSlab.Initialize(model, TestDevices.Primary, type, Initializer.Parse("normal=0.2"), 9);
}
