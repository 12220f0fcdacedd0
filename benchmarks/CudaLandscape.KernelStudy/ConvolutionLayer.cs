using CudaLandscape.Tensors;

namespace CudaLandscape.KernelStudy;

/// <summary>A convolution of a network here: images [N,C,H,W] and kernels [K,C,R,S].</summary>
/// <param name="Channels">C.</param>
/// <param name="Side">H and W.</param>
/// <param name="Filters">K.</param>
/// <param name="Kernel">R and S, padded so that the side stays.</param>
internal readonly record struct ConvolutionLayer(int Channels, int Side, int Filters, int Kernel)
{
    private const int Batch = 128;
    private static readonly int[] s_vggFilters = [64, 128, 256, 512, 512], s_denseBlocks = [6, 12, 24, 16];

    /// <summary>Names for <see cref="Of"/>.</summary>
    public static string[] Networks { get; } = ["vgg11", "vgg13", "vgg16", "densenet121"];

    /// <summary>Shape of the images, 128 of them.</summary>
    public Shape Images => [Batch, Channels, Side, Side];

    /// <summary>Shape of the kernels.</summary>
    public Shape Kernels => [Filters, Channels, Kernel, Kernel];

    /// <summary>Padding.</summary>
    public int Pad => Kernel / 2;

    /// <summary>Sizes.</summary>
    public Conv2dSize Size => new("conv2d", Images, Kernel, Kernel, 1, Pad);

    /// <summary>The different convolutions of a network for images of 3x32x32; of a dense block's layers the first and the last.</summary>
    public static IEnumerable<ConvolutionLayer> Of(string network) => (network switch
    {
        "vgg11" => Vgg(1, 1, 2, 2, 2),
        "vgg13" => Vgg(2, 2, 2, 2, 2),
        "vgg16" => Vgg(2, 2, 3, 3, 3),
        "densenet121" => DenseNet(32),
        _ => throw new ArgumentException($"{network}: give one of {string.Join(", ", Networks)}."),
    }).Distinct();

    private static IEnumerable<ConvolutionLayer> Vgg(params int[] convolutions)
    {
        int channels = 3;
        for (int stage = 0; stage < convolutions.Length; stage++)
        {
            for (int i = 0; i < convolutions[stage]; i++, channels = s_vggFilters[stage])
                yield return new ConvolutionLayer(channels, 32 >> stage, s_vggFilters[stage], 3);
        }
    }

    private static IEnumerable<ConvolutionLayer> DenseNet(int growth)
    {
        int channels = 2 * growth;
        yield return new ConvolutionLayer(3, 32, channels, 3);
        for (int block = 0; block < s_denseBlocks.Length; block++)
        {
            int side = 32 >> block, last = channels + (s_denseBlocks[block] - 1) * growth;
            foreach (int c in (int[])[channels, last]) yield return new ConvolutionLayer(c, side, 4 * growth, 1);
            yield return new ConvolutionLayer(4 * growth, side, growth, 3);
            channels = last + growth;
            if (block < s_denseBlocks.Length - 1) yield return new ConvolutionLayer(channels, side, channels / 2, 1);
            channels /= 2;
        }
    }
}
