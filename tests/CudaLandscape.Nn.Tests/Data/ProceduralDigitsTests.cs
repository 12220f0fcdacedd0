using CudaLandscape.Nn.Data;
using Xunit;

namespace CudaLandscape.Nn.Tests.Data;

public class ProceduralDigitsTests
{
    private const int ImageBytes = ProceduralDigits.Side * ProceduralDigits.Side;

    [Fact]
    public void The_first_hundred_digits_of_seed_one_are_fixed()
    {
        Assert.Equal(
            "88106d90db5a1fc24d4234671e10d1b5d2fd4395b54835829360f7834395ccc5",
            ProceduralDigits.Generate(100, 1).Sha256);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(123)]
    public void A_small_set_is_the_beginning_of_a_large_one(int count)
    {
        ImageSet small = ProceduralDigits.Generate(count, 5), large = ProceduralDigits.Generate(200, 5);
        Assert.Equal(large.Pixels[..(count * ImageBytes)], small.Pixels);
        Assert.Equal(large.Labels[..count], small.Labels);
        Assert.Equal(large.Take(count).Sha256, small.Sha256);
    }

    [Fact]
    public void Seeds_give_different_images_and_orders()
    {
        ImageSet one = ProceduralDigits.Generate(100, 1), two = ProceduralDigits.Generate(100, 2);
        Assert.NotEqual(one.Pixels, two.Pixels);
        Assert.NotEqual(one.Labels, two.Labels);
    }

    [Fact]
    public void No_two_images_are_alike()
    {
        ImageSet set = ProceduralDigits.Generate(2000, 1);
        IEnumerable<string> images = set.Pixels.Chunk(ImageBytes).Select(Convert.ToHexString);
        Assert.Equal(2000, images.Distinct().Count());
    }

    [Fact]
    public void Every_run_of_ten_holds_each_class_once()
    {
        byte[] labels = ProceduralDigits.Generate(1000, 3).Labels;
        Assert.All(labels.Chunk(10), run => Assert.Equal(10, run.Distinct().Count()));
    }

    [Fact]
    public void The_border_is_black_and_every_image_holds_a_digit()
    {
        ImageSet set = ProceduralDigits.Generate(3000, 4);
        Assert.All(set.Pixels.Chunk(ImageBytes), image =>
        {
            Assert.True(image.Where((_, i) => IsBorder(i)).All(pixel => pixel == 0));
            Assert.InRange(image.Count(pixel => pixel > 100), 10, 400);
        });
    }

    [Fact]
    public void A_nearest_mean_classifier_learns_every_class()
    {
        ImageSet train = ProceduralDigits.Generate(2000, 1), test = ProceduralDigits.Generate(500, 2);
        double[][] means = Means(train);
        int[] right = new int[10];
        for (int i = 0; i < test.Count; i++)
        {
            if (Nearest(means, test.Pixels.AsSpan(i * ImageBytes, ImageBytes)) == test.Labels[i])
                right[test.Labels[i]]++;
        }

        Assert.True(right.Sum() > 300, $"{right.Sum()} of 500 right");
        Assert.All(right, count => Assert.InRange(count, 20, 50));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(int.MaxValue)]
    public void Impossible_counts_are_refused(int count)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ProceduralDigits.Generate(count, 1));
    }

    private static bool IsBorder(int i)
    {
        (int row, int column) = Math.DivRem(i, ProceduralDigits.Side);
        int far = ProceduralDigits.Side - 1;
        return Math.Min(Math.Min(row, far - row), Math.Min(column, far - column)) < ProceduralDigits.Border;
    }

    private static double[][] Means(ImageSet set)
    {
        double[][] means = [.. Enumerable.Range(0, 10).Select(_ => new double[ImageBytes])];
        for (int i = 0; i < set.Pixels.Length; i++)
            means[set.Labels[i / ImageBytes]][i % ImageBytes] += set.Pixels[i] * 10.0 / set.Count;
        return means;
    }

    private static int Nearest(double[][] means, ReadOnlySpan<byte> image)
    {
        double[] distances = new double[means.Length];
        for (int digit = 0; digit < means.Length; digit++)
        {
            for (int i = 0; i < image.Length; i++)
                distances[digit] += (image[i] - means[digit][i]) * (image[i] - means[digit][i]);
        }

        return Array.IndexOf(distances, distances.Min());
    }
}
