using CudaLandscape.Interop;
using CudaLandscape.Tensors;

namespace CudaLandscape.KernelStudy.Tests;

/// <summary>The rows of the table of convolutions, and what they are counted from.</summary>
[Collection("device")]
public sealed class ConvolutionStudyTests
{
    [Fact]
    public void The_layers_are_those_of_the_networks()
    {
        Assert.Equal([3, 64, 128, 256, 256, 512, 512], ConvolutionLayer.Of("vgg11").Select(layer => layer.Channels));
        Assert.Equal(9, ConvolutionLayer.Of("vgg16").Count());
        ConvolutionLayer[] dense = [.. ConvolutionLayer.Of("densenet121")];
        Assert.Equal(new ConvolutionLayer(3, 32, 64, 3), dense[0]);
        Assert.Contains(new ConvolutionLayer(1024, 8, 512, 1), dense); // the third transition
        Assert.Contains(new ConvolutionLayer(992, 4, 128, 1), dense); // the last dense layer
        Assert.All(ConvolutionLayer.Networks, network => Assert.All(ConvolutionLayer.Of(network), layer => Assert.Equal(layer.Side, layer.Size.P)));
    }

    // A product of 128 multiprocessors' tiles and more is bound by rates: twice the depth takes twice the time, three products longer
    // than one. A product that is smaller than a tile takes as long as one.
    [Fact]
    public void Counted_times_follow_the_sizes()
    {
        Conv2dVariant tf32 = Conv2dVariant.OnTensorCores[1], tf32x3 = Conv2dVariant.OnTensorCores[3];
        Conv2dProduct product = new(Conv2dKind.Forward, 64, 131072, 576), deeper = product with { Depth = 1152 };
        Assert.Equal(2 * ConvolutionCount.Microseconds(tf32, product), ConvolutionCount.Microseconds(tf32, deeper), 1e-9);
        Assert.InRange(ConvolutionCount.Microseconds(tf32x3, product) / ConvolutionCount.Microseconds(tf32, product), 1.01, 3);
        double least = ConvolutionCount.Microseconds(tf32, new Conv2dProduct(Conv2dKind.Forward, 1, 1, 1));
        Assert.Equal(least, ConvolutionCount.Microseconds(tf32, new Conv2dProduct(Conv2dKind.Forward, 64, 128 * 132, 16)), 1e-9);
        Assert.True(product.Flops / ConvolutionCount.Microseconds(tf32, product) < 1e6 * 495, "faster than the tensor cores");
    }

    [SkippableFact]
    public void The_table_has_the_rows_that_are_printed_for_vgg16()
    {
        Skip.IfNot(DeviceId.Default.Kind == DeviceKind.Soft && Conv2dTable.Source.StartsWith("not measured", StringComparison.Ordinal), "the table is measured");
        StringWriter written = new();
        TextWriter output = Console.Out;
        try
        {
            Console.SetOut(written);
            using ColdTimer timer = new(TestDevices.Primary, new TimerSettings());
            Assert.True(new ConvolutionStudy(TestDevices.Primary, timer).Print("vgg16"));
        }
        finally
        {
            Console.SetOut(output);
        }

        string[] printed = [.. written.ToString().Split('\n').Where(line => line.StartsWith(' ')).Select(line => line[..line.IndexOf(" //", StringComparison.Ordinal)].Trim())];
        Assert.Equal(printed, Conv2dTable.Rows.Select(Printed));
    }

    private static string Printed(Conv2dTableRow row)
    {
        string kind = row.Product.Kind switch { Conv2dKind.Forward => "Forward", Conv2dKind.InputGradient => "Input", _ => "Weights" };
        return $"{row.Precision}({kind}, {row.Product.Rows}, {row.Product.Columns}, {row.Product.Depth}, \"{row.Tile}\"),";
    }
}
