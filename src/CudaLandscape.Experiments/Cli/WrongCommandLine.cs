using System.CommandLine;
using System.CommandLine.Parsing;
using CudaLandscape.Nn;

namespace CudaLandscape.Experiments.Cli;

/// <summary>What is said of a command line that cannot be read: what is wrong, what may have been meant, where to read on.</summary>
internal static class WrongCommandLine
{
    /// <summary>Says it on standard error.</summary>
    public static ExitCode Report(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        foreach (string error in parsed.Errors.Select(e => e.Message)) Console.Error.WriteLine($"error: {error}");
        if (parsed.UnmatchedTokens is [{ } unknown, ..] && Meant(command, unknown) is { Length: > 0 } names)
            Console.Error.WriteLine($"'{unknown}' is unknown here; nearest: {names}.");
        if (command.Subcommands.Count > 0) Console.Error.WriteLine($"Commands: {string.Join(", ", command.Subcommands.Select(c => c.Name))}.");
        Console.Error.WriteLine($"See {ProgramName.Command([.. Path(parsed.CommandResult), "--help"])}.");
        return ExitCode.Usage;
    }

    private static string Meant(Command command, string unknown) => NearestNames.Text(
        unknown, unknown.StartsWith('-') ? command.Options.Select(o => o.Name) : command.Subcommands.Select(c => c.Name));

    // Below the root, which is the program.
    private static IEnumerable<string> Path(CommandResult result) =>
        result.Parent is CommandResult parent ? Path(parent).Append(result.Command.Name) : [];
}
