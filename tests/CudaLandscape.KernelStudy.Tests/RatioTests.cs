namespace CudaLandscape.KernelStudy.Tests;

/// <summary>The README's ratios are those of the committed files, and nothing else can get into them.</summary>
public sealed class RatioTests
{
    private static readonly RatioRow s_row = new(10, "T1 = 10", 2, 7, "ms", "PyTorch", "abc", 1.5);

    [SkippableFact]
    public void The_readme_shows_the_committed_measurements()
    {
        Skip.IfNot(SourcePlaceTests.HasSources, "the sources are not here");
        string root = SourcePlace.Find()!.Root, readme = File.ReadAllText(Path.Combine(root, "README.md"));
        string written = RatioPage.Replace(readme, RatioPage.Table(Path.Combine(root, "benchmarks", "results")));
        Assert.True(readme == written, "README.md is out of date; write its table with: ./build.sh run ratios --write");
    }

    [Fact]
    public void The_newest_of_one_case_is_shown_and_what_no_gpu_has_run_says_so()
    {
        RatioFile older = new("2026-01-01", "a machine", [s_row]), newer = older with { Date = "2026-01-02", Rows = [s_row with { Ours = 3.5 }] };
        string table = RatioPage.Table([newer, older]);
        Assert.Contains("| | T1 = 10 | 3.5 ms | 7 ms | **2.00** [1] | |\n", table, StringComparison.Ordinal);
        Assert.EndsWith("\n\n- [1] PyTorch; a machine, load 1.5; commit abc, 2026-01-02\n", table, StringComparison.Ordinal);
        Assert.DoesNotContain("2026-01-01", table, StringComparison.Ordinal);
        Assert.Contains("| no GPU has run it |", table, StringComparison.Ordinal);
        Assert.Contains("| not measured |", table, StringComparison.Ordinal);
    }

    [Fact]
    public void Measurements_of_one_commit_and_peer_share_a_note_and_another_commit_has_its_own()
    {
        RatioFile file = new("2026-01-01", "a machine", [s_row, s_row with { Case = "T1 = 20", Load = 3 }, s_row with { Ratio = 9, Commit = "def" }]);
        string table = RatioPage.Table([file]);
        Assert.Equal((1, 2), (table.Split("[1] |").Length - 1, table.Split("[2] |").Length - 1));
        Assert.EndsWith("load 1.5; commit def, 2026-01-01\n- [2] PyTorch; a machine, load 1.5 to 3; commit abc, 2026-01-01\n", table, StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_takes_the_place_of_the_last_one()
    {
        string once = RatioPage.Replace("before\n<!-- ratios: written by `run ratios --write` from benchmarks/results/*_ratios.json -->\nold\n<!-- end of ratios -->\nafter", "new\n");
        Assert.DoesNotContain("old", once, StringComparison.Ordinal);
        Assert.Equal(once, RatioPage.Replace(once, "new\n"));
        Assert.Throws<FormatException>(() => RatioPage.Replace("no place", "new\n"));
    }

    [Theory]
    [InlineData("""{"date":"d","device":"m","rows":[{"ratio":99,"case":"c","ours":1,"theirs":1,"unit":"ms","peer":"p","commit":"x","load":1}]}""", "99")]
    [InlineData("""{"date":"d","device":"m","rows":[{"ratio":9,"case":"c","ours":0,"theirs":1,"unit":"ms","peer":"p","commit":"x","load":1}]}""", "above 0")]
    [InlineData("""{"date":"d","device":"m","rows":[{"ratio":9,"case":"c","ours":1,"unit":"ms","peer":"p","commit":"x","load":1}]}""", "theirs")]
    [InlineData("nothing", "json")]
    public void What_is_no_measurement_is_refused(string json, string named)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, json);
            Assert.Contains(named, Assert.Throws<FormatException>(() => RatioFile.Read(path)).Message, StringComparison.OrdinalIgnoreCase);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
