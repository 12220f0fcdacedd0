using CudaLandscape.Experiments.Claims;
using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Nn.Data;

namespace CudaLandscape.Experiments.Tests.Claims;

public sealed class ClaimImagesTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly RunFolder _folder;

    public ClaimImagesTests() => _folder = RunFolder.Create(_scratch.Root, "claims", [], []);

    public void Dispose()
    {
        _folder.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public void A_folder_without_CIFAR_10_gives_shapes_and_says_so()
    {
        ClaimImages images = new(_scratch.Root, _folder, DataSetKind.Cifar10);
        Assert.False(images.WereNeeded);
        ImageSet shapes = images.Take(3);
        Assert.Equal((3, 3, 32, false, true), (shapes.Count, shapes.Channels, shapes.Height, shapes.IsReal, images.WereNeeded));
        Assert.Contains("shapes", images.Description, StringComparison.Ordinal);
        Assert.Contains("procedural shapes in place of CIFAR-10", File.ReadAllText(Path.Combine(_folder.FullPath, "log.txt")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_MNIST_is_an_error()
    {
        Assert.Throws<DataFileException>(() => new ClaimImages(_scratch.Root, _folder).Take(3));
        Assert.Throws<DataFileException>(() => new ClaimImages(_scratch.Root, _folder).TakeTest(3));
    }

    [Fact]
    public void Test_images_are_the_test_set_s_and_run_json_names_them()
    {
        ClaimImages images = new(null, _folder);
        ImageSet tests = images.TakeTest(5);
        Assert.Equal(DataSource.Resolve(null, _ => { }, 1, 5).Test.Sha256, tests.Sha256);
        Assert.NotEqual(images.Take(5).Sha256, tests.Sha256);
        Assert.Contains(tests.Sha256, File.ReadAllText(Path.Combine(_folder.FullPath, "run.json")), StringComparison.Ordinal);
        Assert.Throws<TooFewSamplesException>(() => images.TakeTest(1_000_000));
    }
}
