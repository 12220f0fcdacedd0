using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Modules;

namespace CudaLandscape.Nn.Models;

/// <summary>
/// VGG11, VGG13 and VGG16 (Simonyan and Zisserman, ICLR'15, configurations A, B and D) for images of 3x32x32, with the two
/// hidden fully connected layers of width 128 that ICLR'19 has in the place of 4096.
/// </summary>
public sealed class Vgg : GraphModel
{
    private const int HeadWidth = 128;
    private static readonly int[] s_filters = [64, 128, 256, 512, 512];

    /// <summary>Declares the network.</summary>
    /// <param name="depth">11, 13 or 16 layers with weights, those in the place of pooling not counted.</param>
    /// <param name="activation">Of every hidden layer.</param>
    /// <param name="downsampling">How maps are halved.</param>
    /// <param name="batchNorm">Normalise before every convolution's activation; the convolutions then have no bias.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such depth.</exception>
    public Vgg(
        int depth, Activation activation, VggDownsampling downsampling = VggDownsampling.MaxPool, bool batchNorm = false)
        : base(new Declaration(activation, batchNorm).Run(Convolutions(depth), downsampling)) =>
        (Depth, Downsampling) = (depth, downsampling);

    /// <summary>11, 13 or 16.</summary>
    public int Depth { get; }

    /// <summary>How maps are halved.</summary>
    public VggDownsampling Downsampling { get; }

    // Convolutions between two halvings.
    private static int[] Convolutions(int depth) => depth switch
    {
        11 => [1, 1, 2, 2, 2],
        13 => [2, 2, 2, 2, 2],
        16 => [2, 2, 3, 3, 3],
        _ => throw new ArgumentOutOfRangeException(nameof(depth), $"VGG has 11, 13 or 16 layers here; got {depth}."),
    };

    private sealed class Declaration(Activation activation, bool batchNorm)
    {
        private readonly GraphBuilder _graph = new([3, 32, 32]);

        public GraphModel Run(int[] convolutions, VggDownsampling downsampling)
        {
            Node last = _graph.Input;
            for (int stage = 1; stage <= convolutions.Length; stage++)
            {
                int filters = s_filters[stage - 1];
                for (int i = 1; i <= convolutions[stage - 1]; i++) last = Convolve($"{stage}_{i}", filters, 1, last);
                last = downsampling == VggDownsampling.MaxPool
                    ? _graph.Add($"pool{stage}", new MaxPool2d(2), last)
                    : Convolve($"{stage}_down", filters, 2, last);
            }

            return _graph.Build(Head(_graph.Add("flatten", new Flatten(), last)));
        }

        private Node Convolve(string name, int filters, int stride, Node input)
        {
            BiasKind bias = batchNorm ? BiasKind.None : BiasKind.Shared;
            Node last = _graph.Add($"conv{name}", new Conv2d(input.Shape, filters, 3, stride, 1, bias), input);
            if (batchNorm) last = _graph.Add($"norm{name}", new BatchNorm2d(filters), last);
            return _graph.Add($"act{name}", activation, last);
        }

        private Node Head(Node last)
        {
            for (int i = 1; i <= 2; i++)
            {
                last = _graph.Add($"fc{i}", new Linear(last.Shape.ElementCount, HeadWidth), last);
                last = _graph.Add($"act_fc{i}", activation, last);
            }

            return _graph.Add("output", new Linear(HeadWidth, 10), last);
        }
    }
}
