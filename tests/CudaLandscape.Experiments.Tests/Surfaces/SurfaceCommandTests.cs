using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace CudaLandscape.Experiments.Tests.Surfaces;

[Collection("device")]
public sealed class SurfaceCommandTests : IDisposable
{
    private readonly ScratchFolder _scratch = new(), _trained = new();

    public void Dispose()
    {
        _scratch.Dispose();
        _trained.Dispose();
    }

    [Fact]
    public void A_plane_leaves_a_row_for_each_point_and_a_figure_and_a_second_start_computes_nothing()
    {
        string[] arguments = Arguments("--points", "3");
        Assert.Equal(0, Session.Run(arguments).Code);
        string table = _scratch.Read("table.csv");
        string[] rows = table.TrimEnd().Split('\n');
        Assert.Equal("x,y,loss,errors", rows[0]);
        Assert.Equal(["-1,-1", "0,-1", "1,-1", "-1,0", "0,0", "1,0", "-1,1", "0,1", "1,1"], rows[1..].Select(r => string.Join(',', r.Split(',')[..2])));
        Assert.Equal(9, rows[1..].Select(r => r.Split(',')[2]).Distinct().Count());
        Assert.Equal("Squared loss of figure1, N = 20", XDocument.Parse(_scratch.Read("figures/surface.svg")).Descendants().First(e => (string?)e.Attribute("class") == "title").Value);
        Assert.Equal("done", (string)_scratch.RunJson()["status"]!);
        Session again = Session.Run(arguments);
        Assert.Contains("already done", again.Errors, StringComparison.Ordinal);
        Assert.Equal(table, _scratch.Read("table.csv"));
    }

    // What a kill leaves: some rows, and the beginning of another.
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public void A_run_that_was_killed_goes_on_with_the_next_point_and_ends_with_the_same_bytes(int kept)
    {
        Assert.Equal(0, Session.Run(Arguments("--points", "5", "--dimensions", "1", "--directions", "eigenvectors", "--lanczos-steps", "4")).Code);
        string table = _scratch.Read("table.csv"), figure = _scratch.Read("figures/surface.svg"), run = _scratch.Run;
        string[] lines = table.Split('\n');
        File.WriteAllText(Path.Combine(run, "table.csv"), string.Concat(lines[..(kept + 1)].Select(l => l + "\n")) + lines[kept + 1][..3]);
        File.WriteAllText(Path.Combine(run, "run.json"), _scratch.Read("run.json").Replace("\"done\"", "\"running\"", StringComparison.Ordinal));
        Session resumed = Session.Run("resume", run);
        Assert.Equal(0, resumed.Code);
        Assert.Contains($"5 points, {kept} of them done before", resumed.Errors, StringComparison.Ordinal);
        Assert.Equal((table, figure), (_scratch.Read("table.csv"), _scratch.Read("figures/surface.svg")));
    }

    [Fact]
    public void Rows_of_another_surface_are_refused()
    {
        Assert.Equal(0, Session.Run(Arguments("--points", "2", "--dimensions", "1")).Code);
        string run = _scratch.Run;
        File.WriteAllText(Path.Combine(run, "table.csv"), "x,y,loss,errors\n-0.5,0,1,2\n");
        File.WriteAllText(Path.Combine(run, "run.json"), _scratch.Read("run.json").Replace("\"done\"", "\"running\"", StringComparison.Ordinal));
        Session resumed = Session.Run("resume", run);
        Assert.Equal(3, resumed.Code);
        Assert.Contains("row 1 is not point 1 of this surface", resumed.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Between_a_checkpoint_and_itself_the_loss_is_the_same_and_another_network_is_refused()
    {
        Assert.Equal(0, Session.Run("table2", "--n", "20", "--t1", "1", "--epochs", "1", "--features", "f64", "--noise", "variance", "--out", _trained.Root).Code);
        string file = Path.Combine(_trained.Run, "rows", "variance_t1-1", "last.safetensors");
        string[] line = ["--points", "3", "--dimensions", "1", "--directions", "checkpoints", "--other", file];
        Assert.Equal(0, Session.Run(Arguments([.. line, "--checkpoint", file])).Code);
        Assert.Single(_scratch.Read("table.csv").TrimEnd().Split('\n')[1..].Select(r => r.Split(',')[2]).Distinct());
        Session other = Session.Run(["surface", "figure1", "--t1", "2", "--n", "20", "--out", _scratch.Root, .. line, "--checkpoint", file]);
        Assert.Equal(2, other.Code);
        Assert.Contains("it is of another network", other.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "--from, --to must be two numbers, the lower first; got 1.5 and 0", "--from", "1.5", "--to", "0")]
    [InlineData(2, "--other must be 2 files, one for each direction; got 0", "--directions", "checkpoints")]
    [InlineData(3, "there is no such checkpoint", "--checkpoint", "no-such-file.safetensors")]
    public void What_makes_no_sense_is_refused_before_a_folder_is_made(int code, string message, params string[] options)
    {
        Session session = Session.Run(["surface", "figure1", "--out", _scratch.Root, .. options]);
        Assert.Equal(code, session.Code);
        Assert.Contains(message, session.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(_scratch.Root));
    }

    [Fact]
    public void A_loss_that_is_not_finite_stops_the_run_and_names_the_point()
    {
        Session session = Session.Run(Arguments("--points", "2", "--dimensions", "1", "--from", "0", "--to", "1e30"));
        Assert.Equal(6, session.Code);
        Assert.Contains("The loss at (x, y) = (1E+30, 0) of the surface is", session.Errors, StringComparison.Ordinal);
        Assert.Equal(2, _scratch.Read("table.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal("failed", (string)_scratch.RunJson()["status"]!);
    }

    private string[] Arguments(params string[] options) => ["surface", "figure1", "--t1", "1", "--n", "20", "--out", _scratch.Root, .. options];
}
