using CudaLandscape.Experiments.Runs;

namespace CudaLandscape.Experiments.Tests.Runs;

public sealed class ProgressLineTests
{
    [Fact]
    public void A_terminal_s_line_is_rewritten_in_place_and_removed()
    {
        StringWriter output = new();
        ProgressLine line = new(output, isTerminal: true);
        line.Show("a long text");
        line.Show("short");
        line.Clear();
        Assert.Equal("\ra long text\rshort      \r     \r", output.ToString());
    }

    [Fact]
    public void Elsewhere_the_first_line_is_printed_and_those_right_after_it_are_not()
    {
        StringWriter output = new();
        ProgressLine line = new(output, isTerminal: false);
        line.Show("first");
        line.Show("second");
        line.Clear();
        Assert.Equal("first" + Environment.NewLine, output.ToString());
    }
}
