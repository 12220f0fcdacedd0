using CudaLandscape.Nn.Data;
using Xunit;

namespace CudaLandscape.Nn.Tests.Data;

public sealed class DataSourceTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _log = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a", "b", "a")]
    [InlineData("a", null, "a")]
    [InlineData(null, "b", "b")]
    [InlineData(null, "  ", null)]
    [InlineData(null, null, null)]
    [InlineData("", "b", "")]
    public void The_option_comes_before_the_environment(string? option, string? environment, string? expected)
    {
        Assert.Equal(expected, DataSource.ChooseFolder(option, environment));
    }

    [Fact]
    public void A_named_folder_is_used_and_described_on_one_line()
    {
        _folder.WriteDataSet();
        ResolvedData data = DataSource.Resolve(_folder.Root, _log.Add);
        Assert.Equal((20, 10), (data.Train.Count, data.Test.Count));
        Assert.DoesNotContain('\n', data.Description);
        Assert.Contains(data.Train.Sha256[..12], data.Description);
        Assert.Contains("named by --data", Assert.Single(_log));
    }

    [Fact]
    public void Real_sets_are_cut_to_the_wanted_size()
    {
        _folder.WriteDataSet();
        ResolvedData data = DataSource.Resolve(_folder.Root, _log.Add, 5, 10);
        Assert.Equal((5, 10), (data.Train.Count, data.Test.Count));
        Assert.EndsWith(", first 5 of 20", data.Train.Description);
    }

    [Theory]
    [InlineData(21, 1, "trainCount", "Got 21; expected 1 to 20")]
    [InlineData(1, 11, "testCount", "Got 11; expected 1 to 10")]
    [InlineData(0, 1, "trainCount", "Got 0; expected 1 to 20")]
    public void More_images_than_the_set_holds_is_an_error_that_names_both(
        int train, int test, string name, string text)
    {
        _folder.WriteDataSet();
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => DataSource.Resolve(_folder.Root, _log.Add, train, test));
        Assert.Equal(name, error.ParamName);
        Assert.Contains(text, error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("none")]
    public void A_named_folder_without_data_is_an_error_and_never_replaced(string name)
    {
        string folder = name.Length == 0 ? _folder.Root : Path.Combine(_folder.Root, name);
        Assert.Throws<DataFileException>(() => DataSource.Resolve(folder, _log.Add));
        Assert.Throws<DataFileException>(() => DataSource.Resolve("", _log.Add));
        Assert.Empty(_log);
    }

    [SkippableFact]
    public void Nothing_named_gives_as_many_procedural_digits_as_wanted()
    {
        SkipWhenDataIsNamed();
        ResolvedData data = DataSource.Resolve(null, _log.Add, 30, 20);
        Assert.Equal((30, 20), (data.Train.Count, data.Test.Count));
        Assert.False(data.Train.IsReal);
        Assert.Equal("procedural digits (no data set found) (train)", data.Train.Description);
        Assert.Equal(ProceduralDigits.Generate(30, DataSource.ProceduralTrainSeed).Pixels, data.Train.Pixels);
        Assert.Contains("neither --data nor CUDALANDSCAPE_DATA given, nothing downloaded", Assert.Single(_log));
    }

    [SkippableFact]
    public void Nothing_named_gives_full_sets_of_the_size_of_MNIST()
    {
        SkipWhenDataIsNamed();
        ResolvedData data = DataSource.Resolve(null, _log.Add);
        Assert.Equal((60000, 10000), (data.Train.Count, data.Test.Count));
        Assert.Throws<ArgumentOutOfRangeException>(() => DataSource.Resolve(null, _log.Add, 60001, 1));
    }

    [Fact]
    public void Without_a_count_all_test_images_are_used_however_few()
    {
        _folder.WriteDataSet();
        ResolvedData data = DataSource.Resolve(_folder.Root, _log.Add, 7, testCount: null);
        Assert.Equal((7, 10), (data.Train.Count, data.Test.Count));
        Assert.Contains("not the published MNIST", data.Test.Description);
    }

    [SkippableFact]
    public void In_place_of_CIFAR_10_there_are_procedural_shapes()
    {
        SkipWhenDataIsNamed();
        ResolvedData data = DataSource.Resolve(null, _log.Add, 30, 20, DataSetKind.Cifar10);
        Assert.Equal((30, 20, 3, 32), (data.Train.Count, data.Test.Count, data.Train.Channels, data.Test.Height));
        Assert.Equal("procedural shapes (no data set found) (train)", data.Train.Description);
        Assert.Equal(ProceduralShapes.Generate(20, DataSource.ProceduralTestSeed).Pixels, data.Test.Pixels);
        Assert.Throws<ArgumentOutOfRangeException>(() => DataSource.Resolve(null, _log.Add, 50001, 1, DataSetKind.Cifar10));
    }

    [Fact]
    public void What_was_downloaded_counts_only_when_it_is_complete()
    {
        Assert.Null(DataSource.Downloaded(DataSetKind.Mnist, null));
        Assert.Null(DataSource.Downloaded(DataSetKind.Mnist, Path.Combine(_folder.Root, "none")));
        Assert.Null(DataSource.Downloaded(DataSetKind.Mnist, _folder.Root));
        _folder.WriteDataSet("mnist", packed: true);
        Assert.Equal(_folder.Root, DataSource.Downloaded(DataSetKind.Mnist, _folder.Root));
        Assert.Null(DataSource.Downloaded(DataSetKind.Cifar10, _folder.Root));
        File.Delete(Path.Combine(_folder.Root, "mnist", "t10k-labels-idx1-ubyte.gz"));
        Assert.Null(DataSource.Downloaded(DataSetKind.Mnist, _folder.Root));
    }

    [Theory]
    [InlineData("/x/cache", "/home/me/.cache", "/x/cache/cudalandscape")]
    [InlineData("relative", "/home/me/.cache", "/home/me/.cache/cudalandscape")]
    [InlineData(null, "/home/me/.cache", "/home/me/.cache/cudalandscape")]
    [InlineData(null, ".cache", null)]
    public void Downloads_go_to_the_user_s_cache(string? xdg, string standard, string? expected) =>
        Assert.Equal(expected, DataCache.FolderOf(xdg, standard));

    private static void SkipWhenDataIsNamed()
    {
        Skip.If(
            DataSource.ChooseFolder(null, Environment.GetEnvironmentVariable(DataSource.Variable)) is not null,
            "CUDALANDSCAPE_DATA is set");
        Skip.If(
            Enum.GetValues<DataSetKind>().Any(kind => DataSource.Downloaded(kind, DataCache.Folder) is not null),
            $"data were downloaded to {DataCache.Folder}");
    }
}
