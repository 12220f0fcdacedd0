namespace CudaLandscape.Experiments.Tests.Cli;

[Collection("device")]
public sealed class DataCommandTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("verify", "mnist", "4 of 4 files")]
    [InlineData("verify", "cifar10", "6 of 6 files")]
    public void Missing_files_are_exit_code_3(string verb, string set, string message)
    {
        Session session = Session.Run("data", verb, set, "--data", _folder.Root);
        Assert.Equal(3, session.Code);
        Assert.Contains(message, session.Errors);
        Assert.Contains($"data download {set}", session.Errors);
    }

    [Fact]
    public void Offline_nothing_is_fetched_and_missing_files_are_exit_code_3()
    {
        Session session = Session.Run("data", "download", "mnist", "--offline", "--data", _folder.Root);
        Assert.Equal(3, session.Code);
        Assert.DoesNotContain("https", session.Errors);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Root));
    }

    [Fact]
    public void Files_of_the_right_name_and_another_content_are_exit_code_3()
    {
        File.WriteAllBytes(Path.Combine(_folder.Root, "test_batch.bin"), new byte[30_730_000]);
        Session session = Session.Run("data", "verify", "cifar10", "--json", "--data", _folder.Root);
        Assert.Equal(3, session.Code);
        Assert.Contains("Remove those that differ", session.Errors);
    }

    [SkippableFact]
    public void The_published_files_are_exit_code_0()
    {
        string? folder = MachineData.Folder;
        Skip.If(string.IsNullOrWhiteSpace(folder), "CUDALANDSCAPE_DATA names no MNIST");
        Assert.Equal(0, Session.Run("data", "verify", "mnist", "--data", folder!).Code);
        Assert.Equal(0, Session.Run("data", "download", "mnist", "--data", folder!).Code);
    }

    [Theory]
    [InlineData("verify", "imagenet")]
    [InlineData("verify")]
    [InlineData("fetch", "mnist")]
    [InlineData("verify", "mnist", "--offline")]
    public void An_unknown_set_verb_or_option_is_exit_code_2(params string[] arguments) =>
        Assert.Equal(2, Session.Run(["data", .. arguments]).Code);
}
