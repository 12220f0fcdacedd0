using CudaLandscape.Experiments.Papers.NguyenMukkamalaHein2019NoBadLocalValleys;

namespace CudaLandscape.Experiments.Tests.Iclr19;

/// <summary>The table from finished, failed and missing runs, and settings that are refused; nothing is trained.</summary>
public sealed class SkipReportTests
{
    [Fact]
    public void A_cell_never_shows_what_was_not_run()
    {
        SkipSettings settings = SkipCommand.Of(SkipTable.Two).Parse(
            ["--nets", "vgg11", "--augmentation", "both", "--activations", "softplus", "--seeds", "1,2,3"]);
        Dictionary<SkipUnit, SkipResult> results = settings.Units.ToDictionary(u => u, u => new SkipResult { Unit = u.Name });
        Assert.Equal(1 + 1 + 3 + 3 + 3, results.Count);
        SkipUnit[] sgd = [.. results.Keys.Where(u => u is { Variant: SkipVariant.SkipSgd, Augmented: false })];
        results[sgd[0]] = new SkipResult { Unit = sgd[0].Name, TestErrors = 20, TestSamples = 100 };
        results[sgd[1]] = new SkipResult { Unit = sgd[1].Name, Problem = "out of memory, as a test" };
        string text = new SkipReport(settings, results, "no data", "no device").ToMarkdown();
        MarkdownTable table = MarkdownTable.Parse(text);
        Assert.Equal(["network", "", "softplus", "softplus, augmented"], table.Header);
        Assert.Equal(["vgg11 plain", "ours", "not finished (0 of 1 run)", "not finished (0 of 1 run)"], table.Rows[0]);
        Assert.Equal(["78.92", "88.62"], table.Rows[1][2..]);
        Assert.Equal(["vgg11 skip-rand", "ours", "not finished (0 of 3 runs)", "not run"], table.Rows[2]);
        Assert.Equal(["64.49 ± 0.38", ""], table.Rows[3][2..]);
        Assert.Equal(["vgg11 skip-sgd", "ours", "80.00 (1 of 3 runs)", "not finished (0 of 3 runs)"], table.Rows[4]);
        Assert.Contains($"{sgd[1].Name}: out of memory, as a test", text);
        Assert.Contains("Assumption 3.1 is not met", text);
    }

    [Fact]
    public void The_papers_preset_plans_the_papers_226_trainings()
    {
        SkipSettings one = SkipCommand.Of(SkipTable.One).Parse(["--preset", "paper"]);
        SkipSettings two = SkipCommand.Of(SkipTable.Two).Parse(["--preset", "paper", "--augmentation", "both"]);
        Assert.Equal((18, 208), (one.Units.Count(), two.Units.Count()));
        Assert.Equal(226, one.Units.Concat(two.Units).Select(u => u.Name).Distinct().Count());
        Assert.Equal((55000, 55000, 300), (one.Samples, one.Connections, one.Epochs));
        Assert.Equal((50000, 50000, 300), (two.Samples, two.Connections, two.Epochs));
        Assert.Equal(0.1, two.TrainingOf(two.Units.First(u => u.Network == "densenet121")).Optimizer.Rate.Initial);
        Assert.Equal(0.01, two.TrainingOf(two.Units.First()).Optimizer.Rate.Initial);
    }

    [Theory]
    [InlineData("iclr19-table1 has no network 'vgg11'; nearest: cnn13", "--nets", "vgg11")]
    [InlineData("There is no variant 'skip'; nearest: ", "--variants", "skip")]
    [InlineData("--activations must list sigmoid, softplus; got 'relu'", "--activations", "relu")]
    [InlineData("--connections 179841: cnn13 has 179840 neurons to draw from", "--connections", "179841")]
    [InlineData("--connections must be --n (100) for skip-exact; got 7", "--variants", "skip-exact", "--connections", "7")]
    [InlineData("--seeds must be a list such as 1,2,3, of which each is ", "--seeds", "1,1")]
    [InlineData("--nets must be a list in which nothing comes twice; got cnn13,cnn13", "--nets", "cnn13,cnn13")]
    [InlineData("--variants must be a list in which nothing comes twice; got plain,plain", "--variants", "plain,plain")]
    [InlineData("--activations must be a list in which nothing comes twice; got sigmoid,sigmoid", "--activations", "sigmoid,sigmoid")]
    [InlineData("--epochs must be a whole number from 1 to ", "--epochs", "0")]
    public void Settings_that_make_no_sense_are_named(string message, params string[] arguments) => Assert.Contains(
        message, Assert.ThrowsAny<ArgumentException>(() => SkipCommand.Of(SkipTable.One).Parse(arguments)).Message, StringComparison.Ordinal);
}
