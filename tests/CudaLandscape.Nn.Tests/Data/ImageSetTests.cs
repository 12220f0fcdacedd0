using CudaLandscape.Nn.Data;
using Xunit;

namespace CudaLandscape.Nn.Tests.Data;

public class ImageSetTests
{
    [Fact]
    public void Take_keeps_the_first_images_and_names_the_part()
    {
        ImageSet part = Small(5).Take(2);
        Assert.Equal(2, part.Count);
        Assert.Equal(Small(5).Pixels[..12], part.Pixels);
        Assert.Equal([0, 1], part.Labels);
        Assert.Equal("small, first 2 of 5", part.Description);
    }

    [Fact]
    public void Take_of_everything_is_the_set_itself()
    {
        ImageSet set = Small(5);
        Assert.Same(set, set.Take(5));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(6)]
    [InlineData(int.MaxValue)]
    public void Take_refuses_a_number_outside_the_set_and_names_both(int n)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Small(5).Take(n));
        Assert.Contains($"Got {n}; expected 1 to 5", error.Message);
    }

    [Fact]
    public void Parts_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new ImageSet(new byte[11], new byte[2], 1, 2, 3, 3, "", "", false));
        Assert.Throws<ArgumentException>(() => new ImageSet([], [], 1, 2, 3, 3, "", "", false));
        Assert.Throws<ArgumentException>(() => new ImageSet(new byte[6], [3], 1, 2, 3, 3, "", "", false));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new ImageSet(new byte[6], new byte[1], 0, 2, 3, 3, "", "", false));
        Assert.Throws<ArgumentException>(
            () => new ImageSet([], new byte[4], int.MaxValue, int.MaxValue, int.MaxValue, 3, "", "", false));
        Assert.Throws<ArgumentNullException>(() => new ImageSet(null!, [], 1, 2, 3, 3, "", "", false));
    }

    private static ImageSet Small(int count)
    {
        byte[] pixels = [.. Enumerable.Range(0, count * 6).Select(i => (byte)i)];
        byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)i)];
        return new(pixels, labels, 1, 2, 3, 5, "small", "none", isReal: false);
    }
}
