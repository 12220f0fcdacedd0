using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.Widths;

/// <summary>The networks of ICML'18, Table 1, by their published layers, with what the table says of them.</summary>
public static class PublishedArchitectures
{
    /// <summary>Training images of ImageNet, as the table rounds them.</summary>
    public const long ImageNetSamples = 1_200_000;

    /// <summary>The table's rows; its row "VGG(A-E)" is five.</summary>
    public static IReadOnlyList<PublishedArchitecture> All { get; } =
    [
        new("VGG A", Vgg(1, 1, 2, 2, 2), 3000, 1, true),
        new("VGG B", Vgg(2, 2, 2, 2, 2), 3000, 1, true),
        new("VGG C", Vgg(2, 2, 3, 3, 3), 3000, 1, true),
        new("VGG D", Vgg(2, 2, 3, 3, 3), 3000, 1, true),
        new("VGG E", Vgg(2, 2, 4, 4, 4), 3000, 1, true),
        // Szegedy et al., CVPR'16, Table 1.
        new("Inception v3", Chain(299, Conv(32, 3, 2), Conv(32, 3), Conv(64, 3, 1, 1), Pool(3, 2), Conv(80, 1), Conv(192, 3), Pool(3, 2), Conv(288, 3, 1, 1)), 1300, 3, true),
        // Szegedy et al., AAAI'17, Figure 3; the stem's first branching joins a pool and a convolution.
        new("Inception v4", Chain(299, Conv(32, 3, 2), Conv(32, 3), Conv(64, 3, 1, 1), Conv(160, 3, 2), Conv(192, 3), Conv(384, 3, 2)), 1300, 3, true),
        // Iandola et al., 2016, Table 1: 111 x 111 maps need images of 227.
        new("SqueezeNet", Chain(227, Conv(96, 7, 2), Pool(3, 2), Conv(128, 3, 1, 1), Conv(128, 3, 1, 1), Conv(256, 3, 1, 1)), 1180, 1, false),
        // Paszke et al., 2016, Table 1: the first block joins 13 filters and a pool.
        new("ENet", Chain(512, Conv(16, 3, 2, 1), Conv(64, 3, 2, 1), Conv(128, 3, 2, 1)), 1000, 1, false),
        // Szegedy et al., CVPR'15, Table 1.
        new("GoogLeNet", Chain(224, Conv(64, 7, 2, 3), Pool(3, 2, 1), Conv(64, 1), Conv(192, 3, 1, 1), Pool(3, 2, 1), Conv(256, 3, 1, 1), Conv(480, 3, 1, 1)), 800, 1, false),
        // He et al., CVPR'16, Table 1, with bottlenecks.
        new("ResNet", Chain(224, Conv(64, 7, 2, 3), Pool(3, 2, 1), Conv(64, 1), Conv(64, 3, 1, 1), Conv(256, 1), Conv(512, 1, 2)), 800, 1, false),
        // Chollet, CVPR'17, Figure 5: separable convolutions as convolutions of their output.
        new("Xception", Chain(299, Conv(32, 3, 2), Conv(64, 3), Conv(128, 3, 1, 1), Conv(128, 3, 1, 1), Pool(3, 2, 1), Conv(256, 3, 1, 1), Conv(256, 3, 1, 1), Pool(3, 2, 1), Conv(728, 3, 1, 1)), 700, 1, false),
    ];

    // Simonyan and Zisserman, ICLR'15, Table 1: blocks of 3x3 convolutions, each block ended by a pool, then three full layers.
    // C's 1x1 convolutions stand as 3x3, of the same width.
    private static GraphModel Vgg(params int[] depths)
    {
        int[] filters = [64, 128, 256, 512, 512];
        List<Func<Shape, Module>> layers = [];
        for (int block = 0; block < depths.Length; block++)
        {
            for (int i = 0; i < depths[block]; i++) layers.Add(Conv(filters[block], 3, 1, 1));
            layers.Add(Pool(2, 2));
        }

        layers.Add(_ => new Flatten());
        foreach (int width in (int[])[4096, 4096, 1000]) layers.Add(shape => new Linear(shape.ElementCount, width));
        return Chain(224, [.. layers]);
    }

    private static Func<Shape, Module> Conv(int filters, int kernel, int stride = 1, int pad = 0) =>
        shape => new Conv2d(shape, filters, kernel, stride, pad);

    private static Func<Shape, Module> Pool(int kernel, int stride, int pad = 0) => _ => new MaxPool2d(kernel, stride, pad);

    private static GraphModel Chain(int size, params Func<Shape, Module>[] layers)
    {
        GraphBuilder graph = new([3, size, size]);
        Node last = graph.Input;
        for (int i = 0; i < layers.Length; i++) last = graph.Add($"layer{i + 1}", layers[i](last.Shape), last);
        return graph.Build(last);
    }
}
