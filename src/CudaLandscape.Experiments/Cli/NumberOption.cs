using System.CommandLine;
using System.CommandLine.Parsing;
using System.Numerics;

namespace CudaLandscape.Experiments.Cli;

/// <summary>Options that take numbers, and answer anything else with their name, their range and what was given, before anything is done.</summary>
internal static class NumberOption
{
    /// <summary>A number that has a value when the option is left out.</summary>
    public static Option<T> WithDefault<T>(string name, string description, NumberRange<T> range, T value)
        where T : struct, INumber<T> => new(name)
        {
            Description = description, DefaultValueFactory = _ => value, CustomParser = result => Read(result, name, range) ?? default,
        };

    /// <summary>A number; null when the option is left out.</summary>
    public static Option<T?> Optional<T>(string name, string description, NumberRange<T> range)
        where T : struct, INumber<T> => new(name) { Description = description, CustomParser = result => Read(result, name, range) };

    /// <summary>A number that must be given.</summary>
    public static Option<T> Required<T>(string name, string description, NumberRange<T> range)
        where T : struct, INumber<T> =>
        new(name) { Description = description, Required = true, CustomParser = result => Read(result, name, range) ?? default };

    /// <summary>Different numbers with commas between them; null when the option is left out.</summary>
    /// <param name="name">The option's name.</param>
    /// <param name="description">Its description.</param>
    /// <param name="range">What each must be.</param>
    /// <param name="example">A value that would do, for the error.</param>
    /// <param name="none">The word for no number; null where there must be one.</param>
    public static Option<IReadOnlyList<T>?> List<T>(string name, string description, NumberRange<T> range, string example, string? none = null)
        where T : struct, INumber<T> => new(name)
        {
            Description = description, Arity = ArgumentArity.ExactlyOne, CustomParser = result => ReadList(result, name, range, example, none),
        };

    private static T? Read<T>(ArgumentResult result, string name, NumberRange<T> range)
        where T : struct, INumber<T>
    {
        string text = result.Tokens[0].Value;
        if (range.TryRead(text, out T value)) return value;
        result.AddError($"{name} must be {range.Text}; got '{text}'.");
        return null;
    }

    private static List<T>? ReadList<T>(ArgumentResult result, string name, NumberRange<T> range, string example, string? none)
        where T : struct, INumber<T>
    {
        string text = result.Tokens[0].Value;
        List<T> values = [];
        if (text == none) return values;
        foreach (string part in text.Split(','))
        {
            if (range.TryRead(part, out T value) && !values.Contains(value)) values.Add(value);
            else
            {
                result.AddError($"{name} must be a list such as {example}, of which each is {range.Text} and none comes twice; got '{text}'.");
                return null;
            }
        }

        return values;
    }
}
