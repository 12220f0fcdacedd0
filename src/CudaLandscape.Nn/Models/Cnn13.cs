using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Modules;

namespace CudaLandscape.Nn.Models;

/// <summary>
/// CNN13 of Nguyen, Mukkamala and Hein, ICLR'19, Table 3, for MNIST: convolutions with activations, no pooling, one linear
/// output layer. Maps go 28, 14, 7, 4, 2, 1 with padding 1 on each side. Exactly one kernel is 1x1, since 3,757,450 parameters
/// follow from the table's 13 convolutions only so; which one is our choice (the last with stride 1).
/// </summary>
public sealed class Cnn13 : GraphModel
{
    private static readonly (int Filters, int Kernel, int Stride)[] s_table =
    [
        (64, 3, 1), (64, 3, 1), (64, 3, 2), (128, 3, 1), (128, 3, 1), (128, 3, 2), (256, 3, 1), (256, 3, 1), (256, 3, 2),
        (256, 3, 1), (256, 3, 2), (256, 1, 1), (256, 3, 2),
    ];

    /// <summary>Declares the network.</summary>
    public Cnn13(Activation activation, Cnn13Reading reading = Cnn13Reading.Text)
        : base(Declare(activation, reading)) => Reading = reading;

    /// <summary>Which statement of the paper it follows.</summary>
    public Cnn13Reading Reading { get; }

    private static GraphModel Declare(Activation activation, Cnn13Reading reading)
    {
        // The text's number lacks one of the two layers of 14x14x128.
        (int Filters, int Kernel, int Stride)[] layers = reading == Cnn13Reading.Table ? s_table : [.. s_table[..3], .. s_table[4..]];
        GraphBuilder graph = new([1, 28, 28]);
        Node last = graph.Input;
        for (int i = 0; i < layers.Length; i++)
        {
            (int filters, int kernel, int stride) = layers[i];
            last = graph.Add($"conv{i + 1}", new Conv2d(last.Shape, filters, kernel, stride, kernel / 2), last);
            last = graph.Add($"act{i + 1}", activation, last);
        }

        last = graph.Add("flatten", new Flatten(), last);
        return graph.Build(graph.Add("output", new Linear(last.Shape.ElementCount, 10), last));
    }
}
