using CudaLandscape.Nn.Data;

namespace CudaLandscape.Nn.Tests.Data;

public sealed class ProceduralShapesTests
{
    private const int ImageBytes = 3072, Plane = 1024;

    [Fact]
    public void The_first_hundred_shapes_of_seed_one_are_fixed() =>
        Assert.Equal(
            "bbf4e89b1de4a2ca0404d97df1529b2cec67b6e7f066b3fde99ca565e80b3e05", ProceduralShapes.Generate(100, 1).Sha256);

    [Fact]
    public void A_small_set_is_the_beginning_of_a_large_one_and_other_seeds_differ()
    {
        ImageSet small = ProceduralShapes.Generate(37, 5), large = ProceduralShapes.Generate(200, 5), other = ProceduralShapes.Generate(37, 6);
        Assert.Equal((3, 32, 32, 10, false), (large.Channels, large.Height, large.Width, large.ClassCount, large.IsReal));
        Assert.Equal(large.Take(37).Sha256, small.Sha256);
        Assert.NotEqual(small.Pixels, other.Pixels);
        Assert.NotEqual(small.Labels, other.Labels);
    }

    [Fact]
    public void Every_run_of_ten_holds_each_class_once() =>
        Assert.All(ProceduralShapes.Generate(500, 3).Labels.Chunk(10), run => Assert.Equal(10, run.Distinct().Count()));

    [Fact]
    public void No_two_images_are_alike() => Assert.Equal(
        1000, ProceduralShapes.Generate(1000, 1).Pixels.Chunk(ImageBytes).Select(Convert.ToHexString).Distinct().Count());

    [Fact]
    public void Colour_and_brightness_do_not_tell_the_class()
    {
        ImageSet set = ProceduralShapes.Generate(1000, 2);
        double[,] sums = new double[ProceduralShapes.ClassCount, 3];
        for (int i = 0; i < set.Pixels.Length; i++) sums[set.Labels[i / ImageBytes], i % ImageBytes / Plane] += set.Pixels[i];
        for (int c = 0; c < 3; c++)
        {
            double[] means = [.. Enumerable.Range(0, 10).Select(label => sums[label, c] / (100 * Plane))];
            Assert.True(means.Max() - means.Min() < 50, $"channel {c}: {string.Join(' ', means)}");
        }
    }

    // By the nearest of ten average edge pictures; chance is 30 of 300.
    [Fact]
    public void Classes_can_be_told_apart_by_their_edges()
    {
        ImageSet train = ProceduralShapes.Generate(1000, 2), test = ProceduralShapes.Generate(300, 3);
        double[][] centres = [.. Enumerable.Range(0, 10).Select(_ => new double[Plane])];
        for (int n = 0; n < train.Count; n++)
        {
            double[] edges = Edges(train, n), centre = centres[train.Labels[n]];
            for (int i = 0; i < Plane; i++) centre[i] += edges[i] / 100;
        }

        int right = Enumerable.Range(0, test.Count).Count(n => Nearest(centres, Edges(test, n)) == test.Labels[n]);
        Assert.InRange(right, 90, 300);
    }

    private static double[] Edges(ImageSet set, int n)
    {
        ReadOnlySpan<byte> image = set.Pixels.AsSpan(n * ImageBytes, ImageBytes);
        double[] edges = new double[Plane];
        double sum = 0;
        for (int i = 33; i < Plane; i++)
        {
            for (int c = 0; c < ImageBytes; c += Plane)
                edges[i] += Math.Abs(image[c + i] - image[c + i - 1]) + Math.Abs(image[c + i] - image[c + i - 32]);
            sum += edges[i];
        }

        return Array.ConvertAll(edges, e => e / sum);
    }

    private static int Nearest(double[][] centres, double[] x)
    {
        double[] distances = new double[centres.Length];
        for (int k = 0; k < centres.Length; k++)
            for (int i = 0; i < x.Length; i++) distances[k] += (centres[k][i] - x[i]) * (centres[k][i] - x[i]);
        return Array.IndexOf(distances, distances.Min());
    }
}
