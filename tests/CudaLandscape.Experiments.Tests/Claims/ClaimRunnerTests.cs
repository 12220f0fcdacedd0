using System.Text.Json.Nodes;
using CudaLandscape.Experiments.Claims;
using CudaLandscape.Figures;

namespace CudaLandscape.Experiments.Tests.Claims;

[Collection("device")]
public sealed class ClaimRunnerTests
{
    private static readonly Check s_true = Check.AtMost("true", 1, 2);

    [Theory]
    [InlineData(20, Verdict.Holds)]
    [InlineData(10, Verdict.Holds)]
    [InlineData(9, Verdict.Open)]
    [InlineData(1, Verdict.Open)]
    public void Below_its_least_size_a_claim_is_open_whatever_it_returns(int n, object verdict)
    {
        ClaimOutcome outcome = Runner(n).Run(new PlantedClaim(s_true));
        Assert.Equal(verdict, outcome.Result.Verdict);
        Assert.Equal(n, outcome.Sizes["n"]);
        Assert.Contains($"[n={n}]", outcome.ToLine(), StringComparison.Ordinal);
        if (n < 10) Assert.Contains($"n={n} says nothing below 10", outcome.ToLine(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_planted_false_claim_fails_in_line_page_and_json()
    {
        ClaimOutcome outcome = Runner(20).Run(new PlantedClaim(s_true, Check.Equal("planted number", 4, 3)));
        Assert.Equal(Verdict.Fails, outcome.Result.Verdict);
        Assert.Contains(" 99  fails ", outcome.ToLine(), StringComparison.Ordinal);
        Assert.Contains("planted number: 4, reference 3, margin -1", outcome.ToLine(), StringComparison.Ordinal);
        ClaimPage page = new([outcome], "By a test.");
        Assert.Equal("0 holds, 1 fails, 0 document in error, 0 open", page.Summary);
        Assert.Contains("| 99 | what a test planted | 4 | 3 | -1 | fails |", page.ToMarkdown(), StringComparison.Ordinal);
        JsonNode json = JsonNode.Parse(page.ToJson())![0]!;
        Assert.Equal(("fails", 20), ((string)json["verdict"]!, (int)json["sizes"]!["n"]!));
        Assert.Equal([true, false], json["checks"]!.AsArray().Select(c => (bool)c!["satisfied"]!));
    }

    [Fact]
    public void A_value_that_is_not_finite_stops_the_item_and_names_the_point()
    {
        ClaimOutcome outcome = Runner(20).Run(new PlantedClaim(_ => throw new ArithmeticException("the loss is NaN at step 7")));
        Assert.Equal((Verdict.Open, true), (outcome.Result.Verdict, outcome.Stopped));
        Assert.Contains("stopped: the loss is NaN at step 7", outcome.ToLine(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_shows_the_figures_and_the_note_of_a_claim()
    {
        Plot plot = new("A planted figure", new Axis("x"), new Axis("y"), Series.Line("", [0, 1], [0, 1]));
        ClaimResult result = new(s_true) { Note = "A note.", Figures = [new("planted", plot)] };
        string page = new ClaimPage([Runner(20).Run(new PlantedClaim(_ => result))], "By a test.").ToMarkdown();
        Assert.Contains("\nA note.\n", page, StringComparison.Ordinal);
        Assert.Contains("![A planted figure](figures/planted.svg)", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_defect_is_not_taken_for_a_result() =>
        Assert.Throws<OverflowException>(() => Runner(20).Run(new PlantedClaim(_ => throw new OverflowException())));

    [Fact]
    public void What_does_not_fit_memory_is_refused_before_it_starts()
    {
        PlantedClaim claim = new(_ => throw new InvalidOperationException("it started"), bytes: 1L << 60);
        Assert.Contains("needs about 1099511627776 MiB", Assert.Throws<ArgumentException>(() => Runner(20).Run(claim)).Message);
    }

    [Theory]
    [InlineData("n", 0, "--size n=0: things must be 1 to 100")]
    [InlineData("n", 101, "--size n=101: things must be 1 to 100")]
    [InlineData("m", 5, "--size m: the chosen claims have no such size; they have n")]
    public void A_size_out_of_range_or_of_no_claim_is_refused(string name, int value, string message)
    {
        Dictionary<string, int> sizes = new() { [name] = value };
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => ClaimRunner.Validate([new PlantedClaim()], sizes)).Message);
    }

    private static ClaimRunner Runner(int n) =>
        new(TestDevices.Primary, 1, new Dictionary<string, int> { ["n"] = n }, _ => throw new InvalidOperationException("no images are needed"));
}
