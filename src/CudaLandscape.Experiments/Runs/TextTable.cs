using System.Globalization;
using System.Text;
using Spectre.Console;

namespace CudaLandscape.Experiments.Runs;

/// <summary>A table of texts, with a frame on standard output and as Markdown.</summary>
internal sealed class TextTable(IReadOnlyList<string> header, IReadOnlyList<string[]> rows)
{
    public void Print()
    {
        Table table = new() { Border = TableBorder.Rounded };
        foreach (string title in header) table.AddColumn(new TableColumn(Markup.Escape(title)).RightAligned().NoWrap());
        foreach (string[] cells in rows) table.AddRow(cells.Select(c => new Text(c)));
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 190);
        AnsiConsole.Write(table);
    }

    public string ToMarkdown()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", header)} |\n|{string.Concat(header.Select(_ => " --: |"))}\n");
        foreach (string[] cells in rows) text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", cells)} |\n");
        return text.ToString();
    }
}
