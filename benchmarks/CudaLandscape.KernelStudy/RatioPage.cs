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

    /// <summary>The table of these files: a row for each goal and its cases below, and where they were measured as notes.</summary>
    public static string Table(IReadOnlyList<RatioFile> files)
    {
        Measurement[] all = [.. files.SelectMany(file => file.Rows.Select(row => new Measurement(file, row)))
            .GroupBy(m => (m.File.Device, m.Row.Ratio, m.Row.Case)).Select(g => g.MaxBy(m => m.File.Date)!).OrderBy(m => m.Row.Ratio)];
        Place[] places = [.. all.Select(m => m.Place).Distinct()];
        StringBuilder table = new("| # | what, beside what | ours | theirs | theirs / ours | goal |\n| --: | --- | --: | --: | --: | --- |\n");
        foreach (RatioGoal goal in RatioGoal.All)
        {
            Measurement[] measured = [.. all.Where(m => m.Row.Ratio == goal.Number)];
            string state = measured.Length > 0 ? " " : goal.NeedsGpu ? " no GPU has run it " : " not measured ";
            table.Append(CultureInfo.InvariantCulture, $"| {goal.Number} | **{goal.What}**, beside {goal.Peer} | | |{state}| {goal.Goal} |\n");
            foreach (Measurement m in measured) table.Append(Line(m.Row, Number(places, m.Place)));
        }

        table.Append('\n');
        foreach (Place place in places) table.Append(Note(place, Number(places, place), [.. all.Where(m => m.Place == place).Select(m => m.Row.Load)]));
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

    private static string Line(RatioRow row, int note) => string.Create(CultureInfo.InvariantCulture,
        $"| | {row.Case} | {row.Ours:G4} {row.Unit} | {row.Theirs:G4} {row.Unit} | **{row.Theirs / row.Ours:F2}** [{note}] | |\n");

    private static int Number(Place[] places, Place place) => 1 + Array.IndexOf(places, place);

    private static string Note(Place place, int note, double[] loads) => string.Create(CultureInfo.InvariantCulture,
        $"- [{note}] {place.Peer}; {place.Device}, load {loads.Min():G3}{(loads.Max() > loads.Min() ? $" to {loads.Max():G3}" : "")}; "
        + $"commit {place.Commit}, {place.Date}\n");

    private sealed record Measurement(RatioFile File, RatioRow Row)
    {
        public Place Place => new(Row.Peer, File.Device, Row.Commit, File.Date);
    }

    /// <summary>What the measurements of one note have in common.</summary>
    private sealed record Place(string Peer, string Device, string Commit, string Date);
}
