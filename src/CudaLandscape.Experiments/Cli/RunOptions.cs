using System.CommandLine;
using System.CommandLine.Parsing;
using CudaLandscape.Experiments.Runs;

namespace CudaLandscape.Experiments.Cli;

/// <summary>The options of every command that makes a run folder, and what it does with its command line.</summary>
internal static class RunOptions
{
    public static readonly Option<string?> Data = new("--data")
    {
        Description = "Folder with the data, MNIST's files or CIFAR-10's (else CUDALANDSCAPE_DATA, else what was downloaded, else procedural images).",
    };

    public static readonly Option<string> Out = new("--out") { Description = "Folder for the run folder.", DefaultValueFactory = _ => "runs" };

    public static readonly Option<string?> Device = Options.Device("cuda:0, soft:0 (fast) or soft:1 (check); else what CUDALANDSCAPE_DEVICE or the machine says.");

    public static readonly Option<bool> New = new("--new")
    {
        Description = "Begin another run. Without it a run of these settings in --out goes on where it stopped, and is not repeated when it is done.",
    };

    /// <summary>The settings with the values of these options and the command line.</summary>
    public static TSettings Apply<TSettings>(ParseResult parsed, TSettings settings)
        where TSettings : ExperimentSettings => settings with
        {
            Data = parsed.GetValue(Data),
            Out = parsed.GetValue(Out)!,
            Device = parsed.GetValue(Device),
            StartsAnew = parsed.GetValue(New),
            Arguments = ArgumentsOf(parsed),
        };

    /// <summary>The command line behind the command's name, as run.json keeps it.</summary>
    public static string[] ArgumentsOf(ParseResult parsed) =>
        [.. parsed.Tokens.Where(token => token.Type != TokenType.Command).Select(token => token.Value)];

    /// <summary>What a command reads from a command line that a run.json kept.</summary>
    /// <exception cref="ArgumentException">This version does not know an option or a value.</exception>
    public static TSettings Parse<TSettings>(Command command, IReadOnlyList<string> arguments, Func<ParseResult, TSettings> read)
    {
        ParseResult parsed = command.Parse(arguments);
        return parsed.Errors.Count == 0 ? read(parsed)
            : throw new ArgumentException($"The run's command line is not one of this version: {parsed.Errors[0].Message}");
    }
}
