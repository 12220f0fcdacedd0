using CudaLandscape.Nn.Data;
using Xunit;

namespace CudaLandscape.Nn.Tests.Data;

public sealed class MnistTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", false)]
    [InlineData("", true)]
    [InlineData("MNIST/raw", false)]
    [InlineData("MNIST/raw", true)]
    public void Both_layouts_are_read_plain_and_packed(string under, bool packed)
    {
        _folder.WriteDataSet(under, packed);
        (ImageSet train, ImageSet test) = Mnist.Load(_folder.Root);
        Assert.Equal((20, 1, 28, 28, 10), (train.Count, train.Channels, train.Height, train.Width, train.ClassCount));
        Assert.Equal(10, test.Count);
        Assert.Equal(IdxBytes.Images(20, 28, 28)[16..], train.Pixels);
    }

    [Fact]
    public void Files_with_other_hashes_are_real_but_not_called_MNIST()
    {
        _folder.WriteDataSet();
        ImageSet train = Mnist.Load(_folder.Root).Train;
        Assert.True(train.IsReal);
        Assert.Equal(
            $"IDX files of {_folder.Root}, not the published MNIST (SHA-256 differs) (train)", train.Description);
    }

    [Fact]
    public void The_hash_of_a_set_does_not_depend_on_packing()
    {
        _folder.WriteDataSet();
        _folder.WriteDataSet("packed", packed: true);
        Assert.Equal(
            Mnist.Load(_folder.Root).Train.Sha256,
            Mnist.Load(Path.Combine(_folder.Root, "packed")).Train.Sha256);
    }

    [Fact]
    public void Missing_files_are_listed_with_the_places_looked_at()
    {
        _folder.WriteDataSet();
        File.Delete(Path.Combine(_folder.Root, "t10k-images-idx3-ubyte"));
        File.Delete(Path.Combine(_folder.Root, "train-labels-idx1-ubyte"));
        DataFileException error = Assert.Throws<DataFileException>(() => Mnist.Load(_folder.Root));
        Assert.Equal("2 of 4 data files are missing", error.Reason);
        Assert.Contains("no train-labels-idx1-ubyte, t10k-images-idx3-ubyte", error.Message);
        Assert.Contains(Path.Combine(_folder.Root, "MNIST", "raw"), error.Message);
    }

    [Fact]
    public void A_missing_folder_is_an_error()
    {
        string none = Path.Combine(_folder.Root, "none");
        Assert.Equal(none, Assert.Throws<DataFileException>(() => Mnist.Load(none)).FileName);
    }

    [Fact]
    public void Unequal_counts_are_refused()
    {
        _folder.WriteDataSet();
        _folder.Write("train-labels-idx1-ubyte", IdxBytes.Labels(19));
        DataFileException error = Assert.Throws<DataFileException>(() => Mnist.Load(_folder.Root));
        Assert.Contains("Got 19 labels; expected 20", error.Message);
    }

    [Fact]
    public void Swapped_image_and_label_files_are_named()
    {
        _folder.WriteDataSet();
        _folder.Write("train-images-idx3-ubyte", IdxBytes.Labels(20));
        DataFileException error = Assert.Throws<DataFileException>(() => Mnist.Load(_folder.Root));
        Assert.Contains("train-images-idx3-ubyte holds labels", error.Reason);
    }

    [Fact]
    public void Image_sizes_that_differ_between_the_sets_are_refused()
    {
        _folder.WriteDataSet();
        _folder.Write("t10k-images-idx3-ubyte", IdxBytes.Images(10, 28, 27));
        Assert.Contains(
            "Got 28 x 27; expected 28 x 28",
            Assert.Throws<DataFileException>(() => Mnist.Load(_folder.Root)).Message);
    }

    [SkippableFact]
    public void The_published_files_are_recognised()
    {
        string? folder = Environment.GetEnvironmentVariable(DataSource.Variable);
        Skip.If(string.IsNullOrWhiteSpace(folder) || !Directory.Exists(folder), "CUDALANDSCAPE_DATA names no folder");
        (ImageSet train, ImageSet test) = Mnist.Load(folder);
        Skip.If(train.Description.StartsWith("IDX", StringComparison.Ordinal), "the folder holds another data set");
        Assert.Equal((60000, 10000), (train.Count, test.Count));
        Assert.Equal(("MNIST (train)", "MNIST (test)"), (train.Description, test.Description));
        Assert.Equal([5, 0, 4, 1, 9], train.Labels[..5]);
        Assert.Equal([7, 2, 1, 0, 4], test.Labels[..5]);
        Assert.Equal(33.318, train.Pixels.Average(pixel => (double)pixel), 0.001);
    }
}
