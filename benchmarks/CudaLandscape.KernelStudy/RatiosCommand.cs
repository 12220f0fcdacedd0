using System.CommandLine;

namespace CudaLandscape.KernelStudy;

/// <summary>The command <c>ratios</c>: the table of committed measurements, and its place in the README.</summary>
internal static class RatiosCommand
{
    private static readonly Option<bool> s_write = new("--write") { Description = "Put the table into README.md." };

    public static Command Create()
    {
        Command command = new("ratios", "The committed comparisons with other software as one table.") { s_write };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string root = SourcePlace.Find()?.Root ?? throw new ArgumentException("ratios: this program does not lie in the project's folders, where benchmarks/results is.");
        string table = RatioPage.Table(Path.Combine(root, "benchmarks", "results"));
        Console.Write(table);
        string readme = Path.Combine(root, "README.md");
        if (parsed.GetValue(s_write)) File.WriteAllText(readme, RatioPage.Replace(File.ReadAllText(readme), table));
        return ExitCodes.Done;
    }
}
