namespace CudaLandscape.Experiments.Tests;

/// <summary>A profiler sees ops, the phases of training, and those of a rank.</summary>
public sealed class ProfilerRangesTests
{
    [SkippableFact]
    public void A_training_and_its_rank_are_told_to_a_profiler()
    {
        string folder = Directory.CreateTempSubdirectory().FullName, file = Path.Combine(folder, "ranges.txt");
        try
        {
            Dictionary<string, string?> variables = new() { ["NVTX_INJECTION64_PATH"] = Recorder(), ["NVTX_RECORDER_FILE"] = file };
            using ChildProgram child = new(
                variables, "table2", "--t1", "1", "--n", "150", "--epochs", "2", "--step", "captured", "--features", "f64", "--out", folder);
            Assert.Equal(0, child.WaitForExit());
            RequireNested(File.ReadAllLines(file));
            string[] names = [.. File.ReadLines(file).Where(line => line != "pop").Distinct().Select(line => line["push ".Length..])];
            foreach (string name in (string[])["training step", "training step, replayed", "forward", "backward", "update", "evaluation",
                "sigmoid", "gradient of sigmoid", "rank: factorisation", "rank: singular values"])
                Assert.Contains(name, names);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void RequireNested(string[] lines)
    {
        int depth = 0;
        foreach (string line in lines) Assert.True((depth += line == "pop" ? -1 : 1) >= 0, "a range ends that never began");
        Assert.Equal(0, depth);
    }

    // native/tests/nvtx, as the build makes it above this folder; a bundle has none.
    private static string Recorder()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (Path.Combine(at.FullName, "native", "libnvtxrecorder.so") is var path && File.Exists(path)) return path;
        Skip.If(true, "libnvtxrecorder.so is not above this folder");
        return "";
    }
}
