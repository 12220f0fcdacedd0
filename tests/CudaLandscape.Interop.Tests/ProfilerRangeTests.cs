namespace CudaLandscape.Interop.Tests;

/// <summary>Ranges reach what a profiler puts into the slots of NVTX, and without one there are none.</summary>
public sealed class ProfilerRangeTests
{
    [SkippableFact]
    public void A_profiler_is_told_where_ranges_begin_and_end()
    {
        string file = Path.GetTempFileName();
        try
        {
            string status = Ranges(Recorder(), file);
            Assert.StartsWith("on: ", status);
            Assert.Equal(["push outer", "push inner α", "pop", "push inner α", "pop", "pop"], File.ReadAllLines(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Without_a_profiler_there_are_no_ranges() => Assert.Equal("off: NVTX_INJECTION64_PATH names no profiler", Ranges(null, null));

    [Fact]
    public void A_profiler_that_is_not_there_is_named() =>
        Assert.Equal("off: NVTX_INJECTION64_PATH=/no/such/library.so cannot be loaded", Ranges("/no/such/library.so", null));

    // The recorder fails when it is not told where to write.
    [SkippableFact]
    public void A_profiler_that_fails_is_named() => Assert.EndsWith("failed", Ranges(Recorder(), null));

    private static string Ranges(string? profiler, string? file) => ChildProcess.OpenWith(
        new Dictionary<string, string?> { [NvtxInjection.Variable] = profiler, ["NVTX_RECORDER_FILE"] = file }, "ranges").Trim();

    // native/tests/nvtx, as the build makes it above this folder; a bundle has none.
    private static string Recorder()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string path = Path.Combine(at.FullName, "native", "libnvtxrecorder.so");
            if (File.Exists(path))
            {
                return path;
            }
        }

        Skip.If(true, "libnvtxrecorder.so is not above this folder");
        return "";
    }
}
