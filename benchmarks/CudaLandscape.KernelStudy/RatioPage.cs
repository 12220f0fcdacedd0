using System.Globalization;
using System.Text;

namespace CudaLandscape.KernelStudy;

/// <summary>The README's table of ratios, written from the committed result files and from nothing else.</summary>
internal static class RatioPage
{
    private const string Begin = "<!-- ratios: written by `run ratios --write` from benchmarks/results/*_ratios.json -->", End = "<!-- end of ratios -->";

    /// <summary>The table of all result files in a folder, the newest measurement of each case.</summary>
    public static string Table(string results) =>
        Table([.. Directory.GetFiles(results, "*_ratios.json").Order(StringComparer.Ordinal).Select(RatioFile.Read)]);

    /// <summary>The table of these files.</summary>
    public static string Table(IReadOnlyList<RatioFile> files)
    {
        StringBuilder table = new("| # | what | beside | goal | measured: theirs / ours = ratio |\n| --: | --- | --- | --: | --- |\n");
        foreach (RatioGoal goal in RatioGoal.All)
        {
            string[] measured = [.. files.SelectMany(file => file.Rows.Where(row => row.Ratio == goal.Number).Select(row => (File: file, Row: row)))
                .GroupBy(m => (m.File.Device, m.Row.Case)).Select(g => g.MaxBy(m => m.File.Date)).Select(m => Cell(m.File, m.Row))];
            string cell = measured.Length > 0 ? string.Join("<br>", measured) : goal.NeedsGpu ? "no GPU has run it" : "not measured";
            table.Append(CultureInfo.InvariantCulture, $"| {goal.Number} | {goal.What} | {goal.Peer} | {goal.Goal} | {cell} |\n");
        }

        return table.ToString();
    }

    /// <summary>The text with its table replaced.</summary>
    /// <exception cref="FormatException">The text has no place for it.</exception>
    public static string Replace(string text, string table)
    {
        int begin = text.IndexOf(Begin, StringComparison.Ordinal), end = text.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin) throw new FormatException($"README.md: the lines '{Begin}' and '{End}' are missing.");
        return $"{text[..begin]}{Begin}\n{table}{text[end..]}";
    }

    private static string Cell(RatioFile file, RatioRow row) => string.Create(CultureInfo.InvariantCulture,
        $"{row.Case}: {row.Theirs:G4} / {row.Ours:G4} {row.Unit} = **{row.Theirs / row.Ours:F2}** ({row.Peer}; {file.Device}, load {row.Load:G3}, {row.Commit}, {file.Date})");
}
