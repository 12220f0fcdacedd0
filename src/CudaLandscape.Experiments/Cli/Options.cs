using System.CommandLine;
using System.CommandLine.Parsing;
using CudaLandscape.Interop;
using CudaLandscape.Nn.Initializers;

namespace CudaLandscape.Experiments.Cli;

/// <summary>Options of a kind that several commands have.</summary>
internal static class Options
{
    /// <summary>How many filters the first layer of ICML'18's Figure 1 may have.</summary>
    public static NumberRange<int> Filters { get; } = NumberRange.From(1, 1_000_000);

    /// <summary>An option that takes one of some values, the first when it is left out.</summary>
    public static Option<string> Choice(string name, string description, params string[] values)
    {
        Option<string> option = new(name) { Description = description, DefaultValueFactory = _ => values[0] };
        option.AcceptOnlyFromAmong(values);
        return option;
    }

    /// <summary>The option --device, which refuses what names no device before anything is done.</summary>
    public static Option<string?> Device(string description)
    {
        Option<string?> option = new("--device") { Description = description };
        option.Validators.Add(result =>
        {
            try
            {
                if (result.GetValueOrDefault<string?>() is { } name) DeviceId.Parse(name);
            }
            catch (FormatException e)
            {
                result.AddError($"--device: {e.Message}");
            }
        });
        return option;
    }

    /// <summary>The option --init, which refuses what names no initializer before anything is done.</summary>
    public static Option<Initializer> Init(string description, string value) => new("--init")
    {
        Description = $"{description}: {Initializer.Names}.", DefaultValueFactory = _ => Initializer.Parse(value), CustomParser = Parse,
    };

    /// <summary>The option --checkpoint-seconds.</summary>
    public static Option<double> CheckpointSeconds(string more = "") => NumberOption.WithDefault(
        "--checkpoint-seconds", $"Seconds between two checkpoints of a training; 0 saves after every step.{more}", NumberRange.Between(0, 1e6), 60);

    /// <summary>Makes every option for texts, of a command and of those below it, refuse an empty one, as a shell leaves of a variable that is not set.</summary>
    public static void RefuseEmpty(Command command)
    {
        foreach (Option option in command.Options.Where(o => o.ValueType == typeof(string) || o.ValueType == typeof(string[])))
            option.Validators.Add(result =>
            {
                if (result.Tokens.Any(token => token.Value.Length == 0)) result.AddError($"{option.Name} must have a value; got ''. Leave it out or give it one.");
            });
        foreach (Command below in command.Subcommands) RefuseEmpty(below);
    }

    private static Initializer Parse(ArgumentResult result)
    {
        try
        {
            return Initializer.Parse(result.Tokens[0].Value);
        }
        catch (ArgumentException e)
        {
            result.AddError($"--init: {e.Message}");
            return default;
        }
    }
}
