using System.Globalization;

namespace CudaLandscape.Experiments.Tests;

/// <summary>The table of a table.md.</summary>
public sealed record MarkdownTable(string[] Header, string[][] Rows)
{
    public string this[int row, string column] => Rows[row][Array.IndexOf(Header, column)];

    public double Number(int row, string column) => double.Parse(this[row, column], NumberStyles.Float, CultureInfo.InvariantCulture);

    public static MarkdownTable Parse(string text)
    {
        string[][] lines = [.. text.Split('\n').Where(l => l.StartsWith('|')).Select(l => l[1..^1].Split('|').Select(c => c.Trim()).ToArray())];
        Assert.All(lines, l => Assert.Equal(lines[0].Length, l.Length));
        Assert.All(lines[1], c => Assert.Equal("--:", c));
        return new MarkdownTable(lines[0], lines[2..]);
    }
}
