using CudaLandscape.Landscape.Widths;

namespace CudaLandscape.Landscape.Tests.Widths;

public sealed class PublishedArchitecturesTests
{
    [Theory]
    [InlineData("VGG A", 224 * 224 * 64, 1)]
    [InlineData("VGG E", 224 * 224 * 64, 1)]
    [InlineData("Inception v3", 147 * 147 * 64, 3)]
    [InlineData("Inception v4", 147 * 147 * 64, 3)]
    [InlineData("SqueezeNet", 111 * 111 * 96, 1)]
    [InlineData("ENet", 256 * 256 * 16, 1)]
    [InlineData("GoogLeNet", 112 * 112 * 64, 1)]
    [InlineData("ResNet", 112 * 112 * 64, 1)]
    [InlineData("Xception", 147 * 147 * 128, 3)]
    public void The_widest_layer_is_the_product_of_its_published_map(string name, long width, int layer)
    {
        PublishedArchitecture net = PublishedArchitectures.All.Single(a => a.Name == name);
        Assert.Equal((width, layer), (net.MaxWidth, net.WidestLayer));
    }

    // 3x3 layers of 224, 112, 56, 28, 14 and the full layers; the parameters are the published 133 to 144 millions.
    [Theory]
    [InlineData("VGG A", 132_863_336)]
    [InlineData("VGG D", 138_357_544)]
    [InlineData("VGG E", 143_667_240)]
    public void VGG_has_the_published_number_of_parameters(string name, long parameters) =>
        Assert.Equal(parameters, PublishedArchitectures.All.Single(a => a.Name == name).Chain.ParameterCount);
}
