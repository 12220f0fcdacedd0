using System.CommandLine;
using System.Globalization;
using CudaLandscape.Interop;

namespace CudaLandscape.Experiments.Cli;

/// <summary>Options of a kind that several commands have.</summary>
internal static class Options
{
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

    /// <summary>The numbers of an option's value with commas between them.</summary>
    /// <param name="option">The option's name.</param>
    /// <param name="text">Its value.</param>
    /// <param name="example">A value that would do, for the error.</param>
    /// <exception cref="ArgumentException">A part is no such number.</exception>
    public static T[] List<T>(string option, string text, string example)
        where T : IParsable<T> =>
        [.. text.Split(',').Select(part => T.TryParse(part, CultureInfo.InvariantCulture, out T? value)
            ? value : throw new ArgumentException($"{option} expects numbers as {example}; got '{text}'."))];
}
