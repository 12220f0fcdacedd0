using CudaLandscape.Landscape.Layers;

namespace CudaLandscape.Landscape.Tests.Layers;

public sealed class PatchLayerTests
{
    // The example printed in the paper: two filters on three patches of five inputs.
    [Fact]
    public void The_printed_example_has_the_printed_full_weights()
    {
        const double a = 1, b = 2, c = 3, d = 4, e = 5, f = 6;
        double[][] expected =
        [
            [a, b, c, 0, 0],
            [d, e, f, 0, 0],
            [0, a, b, c, 0],
            [0, d, e, f, 0],
            [0, 0, a, b, c],
            [0, 0, d, e, f],
        ];
        double[,] u = PatchLayer.Line(5, 3).FullWeights([[a, b, c], [d, e, f]]);
        Assert.Equal((5, 6), (u.GetLength(0), u.GetLength(1)));
        for (int h = 0; h < 6; h++) Assert.Equal(expected[h], Enumerable.Range(0, 5).Select(i => u[i, h]));
    }

    [Theory]
    [InlineData(5, 3, 1)]
    [InlineData(9, 4, 2)]
    [InlineData(10, 4, 3)]
    [InlineData(7, 7, 1)]
    [InlineData(6, 1, 4)]
    public void A_line_convolves(int inputs, int length, int stride)
    {
        System.Random random = new(1);
        double[][] filters = [Draw(random, length), Draw(random, length), Draw(random, length)];
        double[] f = Draw(random, inputs);
        List<double> expected = [];
        for (int begin = 0; begin + length <= inputs; begin += stride)
        {
            foreach (double[] w in filters)
            {
                double sum = 0;
                for (int i = 0; i < length; i++) sum += w[i] * f[begin + i];
                expected.Add(sum);
            }
        }

        Close.Relative([.. expected], Apply(PatchLayer.Line(inputs, length, stride), filters, f), 1e-14, "line");
    }

    [Theory]
    [InlineData(1, 5, 4, 3, 1)]
    [InlineData(3, 6, 5, 2, 1)]
    [InlineData(2, 7, 8, 3, 2)]
    [InlineData(2, 4, 4, 4, 1)]
    [InlineData(2, 9, 7, 1, 3)]
    public void An_image_convolves_with_the_filters_of_a_position_together(int channels, int height, int width, int kernel, int stride)
    {
        System.Random random = new(2);
        double[][] filters = [Draw(random, channels * kernel * kernel), Draw(random, channels * kernel * kernel)];
        double[] f = Draw(random, channels * height * width);
        HostArray image = new([1, channels, height, width], f), weights = new([2, channels, kernel, kernel], [.. filters[0], .. filters[1]]);
        HostArray y = Loops.Conv2d(image, weights, stride, 0);
        List<double> expected = [];
        for (int p = 0; p < y.Shape[2]; p++)
        for (int q = 0; q < y.Shape[3]; q++)
        for (int t = 0; t < 2; t++)
        {
            expected.Add(y[0, t, p, q]);
        }

        Close.Relative([.. expected], Apply(PatchLayer.Image(channels, height, width, kernel, stride), filters, f), 1e-14, "image");
    }

    // Any patches of equal length make a layer; a position may belong to many, and to one of them twice.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Any_patches_give_a_filter_s_products_with_the_inputs_they_name(int seed)
    {
        System.Random random = new(seed);
        (int inputs, int length) = (random.Next(3, 20), random.Next(1, 6));
        int[][] patches = [.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => Enumerable.Range(0, length).Select(_ => random.Next(inputs)).ToArray())];
        double[][] filters = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Draw(random, length))];
        double[] f = Draw(random, inputs);
        double[] expected = [.. from patch in patches from w in filters select patch.Select((position, i) => w[i] * f[position]).Sum()];
        Close.Relative(expected, Apply(new PatchLayer(inputs, patches), filters, f), 1e-14, "patches");
    }

    [Theory]
    [InlineData(5, 6, 1)]
    [InlineData(5, 0, 1)]
    [InlineData(5, -1, 1)]
    [InlineData(5, 3, 0)]
    public void A_patch_that_does_not_fit_the_line_is_refused(int inputs, int length, int stride) =>
        Assert.Contains($"length {length} and stride {stride}", Assert.Throws<ArgumentException>(() => PatchLayer.Line(inputs, length, stride)).Message);

    [Theory]
    [InlineData(3, 5, 4, 1)]
    [InlineData(5, 3, 4, 1)]
    [InlineData(5, 5, 0, 1)]
    [InlineData(5, 5, 3, 0)]
    public void A_kernel_that_does_not_fit_the_image_is_refused(int height, int width, int kernel, int stride)
    {
        var error = Assert.Throws<ArgumentException>(() => PatchLayer.Image(1, height, width, kernel, stride));
        Assert.Contains($"kernel of {kernel} with stride {stride}", error.Message);
    }

    [Fact]
    public void A_filter_of_another_length_than_the_patches_is_refused()
    {
        PatchLayer layer = PatchLayer.Line(5, 3);
        Assert.Contains("length 2", Assert.Throws<ArgumentException>(() => layer.FullWeights([[1, 2, 3], [1, 2]])).Message);
        Assert.Throws<ArgumentException>(() => layer.FullWeights([[1, 2, 3, 4]]));
    }

    private static double[] Apply(PatchLayer layer, double[][] filters, double[] f)
    {
        double[,] u = layer.FullWeights(filters);
        Assert.Equal((f.Length, layer.Patches.Length * filters.Length), (u.GetLength(0), u.GetLength(1)));
        double[] y = new double[u.GetLength(1)];
        for (int h = 0; h < y.Length; h++)
        {
            for (int i = 0; i < f.Length; i++) y[h] += u[i, h] * f[i];
        }

        return y;
    }

    private static double[] Draw(System.Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextDouble() - 1)];
}
