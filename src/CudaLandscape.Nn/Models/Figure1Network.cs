using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Models;

/// <summary>
/// The network of Nguyen and Hein, ICML'18, Figure 1, with T1 filters in the first layer (100 in the figure). Widths
/// 784, 676·T1, 169·T1, 2880, 720, 100, 10; sigmoid after layers 1, 3 and 5, linear output.
/// </summary>
public sealed class Figure1Network : GraphModel
{
    /// <summary>Declares the network.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="t1"/> is less than 1.</exception>
    public Figure1Network(int t1, Conv2Choice conv2 = Conv2Choice.Kernel2Stride1, BiasKind bias = BiasKind.Shared)
        : base(Declare(t1, conv2, bias)) =>
        (T1, Conv2, Bias) = (t1, conv2, bias);

    /// <summary>Filters of the first layer.</summary>
    public int T1 { get; }

    /// <summary>The second convolution.</summary>
    public Conv2Choice Conv2 { get; }

    /// <summary>The convolutions' biases.</summary>
    public BiasKind Bias { get; }

    /// <summary>Neurons of layer 1, n1 = 676·T1.</summary>
    public long Width1 => this["sigmoid1"].Shape.ElementCount;

    /// <summary>Neurons of layer 3, n3 = 2880.</summary>
    public static long Width3 => 2880;

    /// <summary>Rows of F1, the outputs of layer 1 after the sigmoid: [N, 676·T1].</summary>
    public Tensor Features1(Tensor x) => Rows("sigmoid1", x);

    /// <summary>Rows of F3, the outputs of layer 3 after the sigmoid: [N, 2880].</summary>
    public Tensor Features3(Tensor x) => Rows("sigmoid2", x);

    private static GraphModel Declare(int t1, Conv2Choice conv2, BiasKind bias)
    {
        if (t1 < 1) throw new ArgumentOutOfRangeException(nameof(t1), $"T1, the number of filters, must be 1 or more; got {t1}.");
        Conv2d second = conv2 == Conv2Choice.Kernel2Stride1
            ? new Conv2d([t1, 13, 13], filters: 20, kernel: 2, bias: bias)
            : new Conv2d([t1, 13, 13], filters: 80, kernel: 3, stride: 2, bias: bias);
        return new Sequential(
            [1, 28, 28],
            ("conv1", new Conv2d([1, 28, 28], filters: t1, kernel: 3, bias: bias)),
            ("sigmoid1", Activation.Sigmoid),
            ("pool1", new MaxPool2d(2)),
            ("conv2", second),
            ("sigmoid2", Activation.Sigmoid),
            ("pool2", new MaxPool2d(2)),
            ("flatten", new Flatten()),
            ("fc1", new Linear(720, 100)),
            ("sigmoid3", Activation.Sigmoid),
            ("fc2", new Linear(100, 10)));
    }

    private Tensor Rows(string node, Tensor x)
    {
        using TensorScope scope = new();
        return scope.Return(Features(node, x).Reshape([x.Shape[0], this[node].Shape.ElementCount]));
    }
}
