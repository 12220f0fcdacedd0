using System.Globalization;

namespace CudaLandscape.Experiments.Tests;

/// <summary>A metrics.csv as a reader of RFC 4180 sees it.</summary>
public sealed record MetricsCsv(string[] Columns, string[][] Rows)
{
    public string this[int row, string column] => Rows[row][Array.IndexOf(Columns, column)];

    public double Number(int row, string column) => double.Parse(this[row, column], NumberStyles.Float, CultureInfo.InvariantCulture);

    public static MetricsCsv Parse(string text)
    {
        Assert.EndsWith("\n", text);
        List<List<string>> rows = [[""]];
        bool quoted = false;
        foreach (char c in text[..^1])
        {
            if (c == '"') quoted = !quoted;
            if (c == ',' && !quoted) rows[^1].Add("");
            else if (c == '\n' && !quoted) rows.Add([""]);
            else rows[^1][^1] += c;
        }

        Assert.All(rows, r => Assert.Equal(rows[0].Count, r.Count));
        return new MetricsCsv([.. rows[0]], [.. rows.Skip(1).Select(r => r.Select(Unquote).ToArray())]);
    }

    private static string Unquote(string cell) => cell.StartsWith('"') ? cell[1..^1].Replace("\"\"", "\"") : cell;
}
