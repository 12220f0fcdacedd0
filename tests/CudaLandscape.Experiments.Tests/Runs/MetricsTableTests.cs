using CudaLandscape.Experiments.Runs;

namespace CudaLandscape.Experiments.Tests.Runs;

public sealed class MetricsTableTests
{
    [Fact]
    public void Numbers_are_written_in_full_and_absent_values_empty()
    {
        MetricsTable table = new(["a", "b", "c"]);
        table.Begin();
        table.Set("a", 0.1 + 0.2);
        table.Set("c", 7L);
        table.Begin();
        table.Set("b", 1e-300);
        table.Set("a", null);
        Assert.Equal(2, table.Count);
        Assert.Equal("a,b,c\n0.30000000000000004,,7\n,1E-300,\n", table.ToCsv());
    }

    [Fact]
    public void Text_with_commas_quotes_and_line_ends_is_quoted()
    {
        string[] texts = ["a, b", "say \"x\"", "two\nlines", "plain"];
        MetricsTable table = new(["t"]);
        foreach (string text in texts)
        {
            table.Begin();
            table.Set("t", text);
        }

        Assert.Equal(texts, MetricsCsv.Parse(table.ToCsv()).Rows.Select(r => r[0]));
    }

    [Fact]
    public void A_column_that_does_not_exist_is_refused()
    {
        MetricsTable table = new(["a"]);
        table.Begin();
        Assert.Contains("zzz", Assert.Throws<ArgumentException>(() => table.Set("zzz", 1)).Message);
    }
}
