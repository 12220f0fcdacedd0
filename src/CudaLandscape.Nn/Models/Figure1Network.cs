using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Models;

/// <summary>
/// The network of Nguyen and Hein, ICML'18, Figure 1, with T1 filters in the first layer (100 in the figure). Widths
/// 784, 676·T1, 169·T1, 2880, 720, 100, 10; sigmoid after layers 1, 3 and 5, linear output.
/// </summary>
public sealed class Figure1Network : Module
{
    private readonly Conv2d _conv1, _conv2;
    private readonly Linear _fc1, _fc2;

    /// <summary>Declares the network.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="t1"/> is less than 1.</exception>
    public Figure1Network(int t1, Conv2Choice conv2 = Conv2Choice.Kernel2Stride1, BiasKind bias = BiasKind.Shared)
    {
        if (t1 < 1) throw new ArgumentOutOfRangeException(nameof(t1), $"T1, the number of filters, must be 1 or more; got {t1}.");
        _conv1 = new Conv2d("conv1", [1, 28, 28], t1, kernel: 3, bias: bias);
        _conv2 = conv2 == Conv2Choice.Kernel2Stride1
            ? new Conv2d("conv2", [t1, 13, 13], 20, kernel: 2, bias: bias)
            : new Conv2d("conv2", [t1, 13, 13], 80, kernel: 3, stride: 2, bias: bias);
        _fc1 = new Linear("fc1", 720, 100);
        _fc2 = new Linear("fc2", 100, 10);
        Width1 = _conv1.OutputImage.ElementCount;
    }

    /// <summary>Neurons of layer 1, n1 = 676·T1.</summary>
    public long Width1 { get; }

    /// <summary>Neurons of layer 3, n3 = 2880.</summary>
    public static long Width3 => 2880;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters =>
        [.. _conv1.Parameters, .. _conv2.Parameters, .. _fc1.Parameters, .. _fc2.Parameters];

    /// <inheritdoc/>
    protected override IReadOnlyList<Module> Children => [_conv1, _conv2, _fc1, _fc2];

    /// <summary>Outputs [N,10] for images [N,1,28,28].</summary>
    public override Tensor Forward(Tensor x)
    {
        using TensorScope scope = new();
        Tensor pooled = Layer3(x).MaxPool2d(2).Reshape([x.Shape[0], 720]);
        return scope.Return(_fc2.Forward(_fc1.Forward(pooled).Sigmoid()));
    }

    /// <summary>Rows of F1, the outputs of layer 1 after the sigmoid: [N, 676·T1].</summary>
    public Tensor Features1(Tensor x)
    {
        using TensorScope scope = new();
        return scope.Return(Layer1(x).Reshape([x.Shape[0], Width1]));
    }

    /// <summary>Rows of F3, the outputs of layer 3 after the sigmoid: [N, 2880].</summary>
    public Tensor Features3(Tensor x)
    {
        using TensorScope scope = new();
        return scope.Return(Layer3(x).Reshape([x.Shape[0], Width3]));
    }

    private Tensor Layer1(Tensor x) => _conv1.Forward(x).Sigmoid();

    private Tensor Layer3(Tensor x) => _conv2.Forward(Layer1(x).MaxPool2d(2)).Sigmoid();
}
