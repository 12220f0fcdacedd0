using System.Xml.Linq;
using CudaLandscape.Experiments.Claims;
using CudaLandscape.Nn.Data;

namespace CudaLandscape.Experiments.Tests.Claims;

[Collection("device")]
public sealed class ClaimListTests
{
    // Sizes whose least value is not enough for the check itself to be quick and sharp stay as they are.
    private static readonly string[] s_asTheyAre = ["steps", "width"];

    public static TheoryData<string> Names => [.. ClaimList.All.Select(c => c.Name)];

    [Fact]
    public void Names_are_unique_and_items_in_order()
    {
        Assert.Equal(ClaimList.All.Count, ClaimList.All.Select(c => c.Name).Distinct().Count());
        Assert.All(ClaimList.All, c => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", c.Name));
        Assert.Equal(ClaimList.All.Select(c => c.Item).Order(), ClaimList.All.Select(c => c.Item));
        Assert.All(ClaimList.All.SelectMany(c => c.Sizes), s => Assert.InRange(s.Default, s.Least, s.Most));
    }

    [Fact]
    public void An_item_is_found_by_number_and_by_name()
    {
        Assert.Equal(ClaimList.All.Where(c => c.Item == 6), ClaimList.Find(ClaimList.All, "6"));
        Assert.Equal("gradient-bounds", Assert.Single(ClaimList.Find(ClaimList.All, "gradient-bounds")).Name);
        Assert.Contains("11 gradient-bounds", Assert.Throws<ArgumentException>(() => ClaimList.Find(ClaimList.All, "no-such")).Message);
    }

    [Theory]
    [InlineData("8", "run table2")]
    [InlineData("20", "run iclr19-table1")]
    [InlineData("21", "run iclr19-table2")]
    [InlineData("23", "run iclr19-table1 and ./build.sh run iclr19-table2")]
    public void An_item_that_is_a_table_is_answered_with_its_command(string item, string command) =>
        Assert.EndsWith($"; ./build.sh {command}.", Assert.Throws<ArgumentException>(() => ClaimList.Find(ClaimList.All, item)).Message);

    [Fact]
    public void A_list_ends_with_the_tables()
    {
        using StringWriter output = new();
        ClaimsLaunch.List(ClaimList.Find(ClaimList.All, "22"), TableItem.All, output);
        string[] lines = output.ToString().TrimEnd().ReplaceLineEndings("\n").Split('\n');
        Assert.StartsWith(" 22  cnn13-neurons: ", lines[0], StringComparison.Ordinal);
        Assert.Equal(["  8", " 20", " 21", " 23"], lines[1..].Select(l => l[..3]));
        Assert.EndsWith("; ./build.sh run table2", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Claims_and_tables_together_are_items_1_to_41()
    {
        int[] claims = [.. ClaimList.All.Select(c => c.Item).Distinct()], tables = [.. TableItem.All.Select(t => t.Item)];
        Assert.Equal(Enumerable.Range(1, 41), claims.Concat(tables).Order());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_claim_at_its_least_sizes_is_decided_and_does_not_fail(string name)
    {
        IClaim claim = ClaimList.Find(ClaimList.All, name)[0];
        Dictionary<string, int> sizes = claim.Sizes.Where(s => !s_asTheyAre.Contains(s.Name)).ToDictionary(s => s.Name, s => s.Least);
        ClaimRunner runner = new(TestDevices.Primary, 1, sizes, count => ProceduralDigits.Generate(count, 1));
        ClaimOutcome outcome = runner.Run(claim);
        Assert.True(outcome.Result.Verdict is Verdict.Holds or Verdict.DocumentInError, outcome.ToLine());
        Assert.All(outcome.Result.Figures, f => Assert.Equal("svg", XDocument.Parse(f.Figure.ToSvg()).Root!.Name.LocalName));
    }
}
