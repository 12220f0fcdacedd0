using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Modules;

namespace CudaLandscape.Nn.Models;

/// <summary>
/// DenseNet-BC (Huang et al., CVPR'17) for images of 3x32x32; the defaults are DenseNet121 with growth 32. A 3x3 stem with two
/// growths of maps; dense layers of batch norm, activation, 1x1 bottleneck of four growths, batch norm, activation, 3x3
/// convolution, whose maps join all before; transitions that halve the number of maps and average 2x2; batch norm, activation
/// and the mean of every map before the output layer. Convolutions have no bias, since a normalisation follows.
/// </summary>
public sealed class DenseNet : GraphModel
{
    private static readonly int[] s_blocks121 = [6, 12, 24, 16];

    /// <summary>Declares the network.</summary>
    /// <param name="activation">Of every hidden layer.</param>
    /// <param name="growth">Maps that every dense layer adds, k.</param>
    /// <param name="blocks">Layers of the dense blocks; those of DenseNet121, 6, 12, 24 and 16, when left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">Growth is below 1, or a block has no layers, or there are more than 5.</exception>
    public DenseNet(Activation activation, int growth = 32, IReadOnlyList<int>? blocks = null)
        : this(new Declaration(activation, growth, Checked(growth, blocks ?? s_blocks121)).Run())
    {
    }

    private DenseNet((GraphModel Graph, NeuronPool FirstBlock) declared)
        : base(declared.Graph) => FirstBlock = declared.FirstBlock;

    /// <summary>
    /// The hidden neurons of the first dense block after activation, each once: its bottlenecks, and the maps it adds as the
    /// activation after the block gives them. ICLR'19 draws the skip connections of DenseNet121 from there.
    /// </summary>
    public NeuronPool FirstBlock { get; }

    private static IReadOnlyList<int> Checked(int growth, IReadOnlyList<int> blocks)
    {
        if (growth < 1) throw new ArgumentOutOfRangeException(nameof(growth), $"DenseNet: growth must be 1 or more; got {growth}.");
        if (blocks.Count is < 1 or > 5 || blocks.Any(layers => layers < 1))
            throw new ArgumentOutOfRangeException(
                nameof(blocks), $"DenseNet: expects 1 to 5 blocks of 1 or more layers; got {string.Join(", ", blocks)}.");
        return blocks;
    }

    private sealed class Declaration(Activation activation, int growth, IReadOnlyList<int> blocks)
    {
        private readonly GraphBuilder _graph = new([3, 32, 32]);
        private readonly List<NeuronSource> _firstBlock = [];

        public (GraphModel Graph, NeuronPool FirstBlock) Run()
        {
            Node last = Convolve("stem", 2 * growth, 3, _graph.Input);
            for (int block = 1; block <= blocks.Count; block++)
            {
                long before = last.Shape[0];
                for (int layer = 1; layer <= blocks[block - 1]; layer++) last = Grow($"block{block}_layer{layer}", last);
                string name = block < blocks.Count ? $"transition{block}" : "final";
                Node active = Activate(name, last);
                if (block == 1) AddNewMaps(active, before);
                last = block < blocks.Count ? Shrink(name, active) : active;
            }

            Node mean = _graph.Add("pool", new AvgPool2d((int)last.Shape[1]), last);
            Node features = _graph.Add("flatten", new Flatten(), mean);
            Node output = _graph.Add("output", new Linear(features.Shape.ElementCount, 10), features);
            return (_graph.Build(output), new NeuronPool(_firstBlock));
        }

        private Node Grow(string name, Node input)
        {
            Node bottleneck = Convolve($"{name}_conv1", 4 * growth, 1, Activate($"{name}_1", input));
            Node active = Activate($"{name}_2", bottleneck);
            if (name.StartsWith("block1_", StringComparison.Ordinal))
                _firstBlock.Add(new NeuronSource(active.Name, 0, active.Shape.ElementCount));
            return _graph.Add($"{name}_join", new ConcatJoin(), input, Convolve($"{name}_conv2", growth, 3, active));
        }

        private Node Shrink(string name, Node active) =>
            _graph.Add($"{name}_pool", new AvgPool2d(2), Convolve($"{name}_conv", (int)active.Shape[0] / 2, 1, active));

        private void AddNewMaps(Node active, long before)
        {
            long area = active.Shape[1] * active.Shape[2];
            _firstBlock.Add(new NeuronSource(active.Name, before * area, (active.Shape[0] - before) * area));
        }

        private Node Activate(string name, Node input) =>
            _graph.Add($"{name}_act", activation, _graph.Add($"{name}_norm", new BatchNorm2d(input.Shape[0]), input));

        private Node Convolve(string name, int filters, int kernel, Node input) =>
            _graph.Add(name, new Conv2d(input.Shape, filters, kernel, pad: kernel / 2, bias: BiasKind.None), input);
    }
}
