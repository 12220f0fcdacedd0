using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Nn.Tests.Graph;

/// <summary>The network of Figure 1 as a graph gives the bits of its layers written out op by op.</summary>
[Collection("device")]
public sealed class Figure1BitsTests
{
    [SkippableTheory]
    [InlineData("primary", Conv2Choice.Kernel2Stride1, DType.Float32)]
    [InlineData("primary", Conv2Choice.Kernel3Stride2, DType.Float64)]
    [InlineData("check", Conv2Choice.Kernel3Stride2, DType.Float32)]
    public void Outputs_features_and_gradients_are_those_of_the_ops(string deviceName, Conv2Choice conv2, DType type)
    {
        Device device = TestDevices.Get(deviceName);
        Figure1Network model = new(2, conv2, BiasKind.Neuron);
        using ParameterSlab slab = ParameterSlab.Initialize(model, device, type, Initializer.GlorotUniform, 1);
        Assert.Equal(
            ["conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"],
            model.Parameters.Select(p => p.Name));
        using TensorScope scope = new();
        Tensor x = TestData.Spread([3, 1, 28, 28], 36).ToTensor(device, type);
        Tensor[] p = slab.Tensors;
        Tensor f1 = (x.Conv2d(p[0]) + p[1]).Sigmoid();
        Tensor f3 = (f1.MaxPool2d(2).Conv2d(p[2], conv2 == Conv2Choice.Kernel2Stride1 ? 1 : 2) + p[3]).Sigmoid();
        Tensor hidden = (f3.MaxPool2d(2).Reshape([3, 720]).MatMul(p[4], transposeB: true) + p[5]).Sigmoid();
        Tensor y = hidden.MatMul(p[6], transposeB: true) + p[7];
        Tensor output = model.Forward(x);
        Assert.Equal(y.ToBytes(), output.ToBytes());
        Assert.Equal(f1.Reshape([3, model.Width1]).ToBytes(), model.Features1(x).ToBytes());
        Assert.Equal(f3.Reshape([3, Figure1Network.Width3]).ToBytes(), model.Features3(x).ToBytes());
        Assert.Equal([3, 2880], model.Features3(x).Shape);
        Tensor[] expected = Gradient.Of((y * y).Sum(), p), actual = Gradient.Of((output * output).Sum(), p);
        for (int i = 0; i < p.Length; i++) Assert.Equal(expected[i].ToBytes(), actual[i].ToBytes());
    }
}
