namespace CudaLandscape.Interop.Tests;

public sealed class SystemHostTests
{
    [Fact]
    public void A_missing_library_tells_the_loaders_own_words()
    {
        nint handle = new SystemLibraryHost().Load("/nowhere/libnothing.so.1", out string trouble);
        Assert.Equal(0, handle);
        Assert.StartsWith("/nowhere/libnothing.so.1: cannot open shared object file", trouble);
        Assert.DoesNotContain("strace", trouble);
    }

    [Fact]
    public void A_library_that_is_no_driver_gives_no_answer()
    {
        SystemLibraryHost host = new();
        nint library = host.Load("libc.so.6", out _);
        Assert.NotEqual(0, library);
        Assert.Null(host.AskDriver(library));
        host.Free(library);
    }

    [Fact]
    public void Folders_that_are_not_there_are_none()
    {
        Assert.Empty(new SystemLibraryHost().Folders("/nowhere", "*"));
        Assert.Equal("/nowhere/python3", new SystemLibraryHost().FollowLinks("/nowhere/python3"));
    }

    [SkippableFact]
    public void A_library_loaded_by_its_name_is_found_on_the_disk()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        Assert.True(Path.IsPathRooted(LoadedFiles.PathOf("libc.so.6")));
        Assert.Equal("/a/libx.so", LoadedFiles.PathOf("/a/libx.so"));
        Assert.Equal("libnothing.so.1", LoadedFiles.PathOf("libnothing.so.1"));
    }
}
