using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace CudaLandscape.Experiments.Tests.Claims;

[Collection("device")]
public sealed class ClaimsCommandTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void An_item_that_holds_leaves_page_and_json()
    {
        Assert.Equal(0, Session.Run("claims", "--item", "figure1-widths", "--out", _scratch.Root).Code);
        JsonNode claim = Assert.Single(JsonNode.Parse(_scratch.Read("claims.json"))!.AsArray())!;
        Assert.Equal((7, "holds"), ((int)claim["item"]!, (string)claim["verdict"]!));
        Assert.Contains("1 holds, 0 fails", _scratch.Read("claims.md"), StringComparison.Ordinal);
        Assert.Equal("done", (string)_scratch.RunJson()["status"]!);
    }

    [Fact]
    public void A_figure_is_in_the_folder_and_on_the_page()
    {
        Assert.Equal(0, Session.Run("claims", "--item", "bad-saddles", "--out", _scratch.Root).Code);
        Assert.Contains("![Hessian at W₁ = … = W_H = 0](figures/bad-saddles.svg)", _scratch.Read("claims.md"), StringComparison.Ordinal);
        Assert.Equal("figures/bad-saddles.svg", (string)JsonNode.Parse(_scratch.Read("claims.json"))![0]!["figures"]![0]!);
        Assert.Contains(XDocument.Parse(_scratch.Read("figures/bad-saddles.svg")).Descendants(), e => e.Value == "H = 2, W₃ random");
    }

    [Fact]
    public void A_table_that_contradicts_its_caption_is_a_document_in_error()
    {
        Assert.Equal(0, Session.Run("claims", "--item", "22", "--out", _scratch.Root).Code);
        string page = _scratch.Read("claims.md");
        Assert.Contains("0 holds, 0 fails, 1 document in error", page, StringComparison.Ordinal);
        Assert.Contains("| 204,928 | document: 179,840 | 25,088 |", page, StringComparison.Ordinal);
    }

    // 88 filters give 59,488 neurons: fewer than 60,000 images, so the claim is false, and of a size that says nothing.
    [Fact]
    public void A_false_claim_fails_with_a_code_of_its_own()
    {
        Assert.Equal(7, Session.Run("claims", "--item", "7", "--size", "t1=88", "--out", _scratch.Root).Code);
        Assert.Contains("| 59,488 | ≥ 60,000 | -512 | fails |", _scratch.Read("claims.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_claim_below_its_least_size_is_open()
    {
        Assert.Equal(0, Session.Run("claims", "--item", "full-weights", "--size", "draws=2", "--out", _scratch.Root).Code);
        Assert.Equal("open", (string)JsonNode.Parse(_scratch.Read("claims.json"))![0]!["verdict"]!);
    }

    [Theory]
    [InlineData("it is no claim but Table 2 of ICML'18", "--item", "8")]
    [InlineData("there is no such claim; give one of 1 full-weights", "--item", "no-such")]
    [InlineData("--size belongs to an item", "--size", "n=5")]
    [InlineData("--size must be name=number, with a whole number from 0 to 1000000000; got 'n'", "--item", "1", "--size", "n")]
    [InlineData("--size must be name=number, with a whole number from 0 to 1000000000; got 'draws=1e3'", "--item", "1", "--size", "draws=1e3")]
    [InlineData("--size draws must be given once; got 3 and 4", "--item", "1", "--size", "draws=3", "draws=4")]
    [InlineData("the chosen claims have no such size; they have draws", "--item", "1", "--size", "n=5")]
    [InlineData("draws=0: random patch sets must be 1 to 10000", "--item", "1", "--size", "draws=0")]
    public void Options_that_make_no_sense_are_refused_before_a_folder_is_made(string message, params string[] options)
    {
        Session session = Session.Run(["claims", .. options, "--out", _scratch.Root]);
        Assert.Equal(2, session.Code);
        Assert.Contains(message, session.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(_scratch.Root));
    }
}
