namespace CudaLandscape.Experiments.Runs;

/// <summary>A table made of several runs.</summary>
/// <param name="Print">Writes it to the screen.</param>
/// <param name="Markdown">The table beside the paper's numbers.</param>
/// <param name="Csv">What was measured, a row for each.</param>
internal sealed record CollectedTable(Action Print, string Markdown, string Csv)
{
    /// <summary>Writes table.md and table.csv.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "table.md"), Markdown);
        File.WriteAllText(Path.Combine(folder, "table.csv"), Csv);
        Console.WriteLine($"results: {Path.GetFullPath(folder)}");
    }
}
