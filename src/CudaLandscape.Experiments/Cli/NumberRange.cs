using System.Globalization;
using System.Numerics;

namespace CudaLandscape.Experiments.Cli;

/// <summary>The numbers that an option takes.</summary>
/// <param name="Text">What they are, for messages, such as "a whole number from 1 to 10".</param>
/// <param name="Style">How they are written.</param>
/// <param name="Contains">Whether a number is one of them.</param>
internal sealed record NumberRange<T>(string Text, NumberStyles Style, Func<T, bool> Contains)
    where T : struct, INumber<T>
{
    /// <summary>Reads one: with a decimal point whatever the machine's language is, and nothing between thousands.</summary>
    public bool TryRead(string text, out T value) => T.TryParse(text, Style, CultureInfo.InvariantCulture, out value) && Contains(value);
}

/// <summary>The ranges that options have.</summary>
internal static class NumberRange
{
    // Two of them still make an int.
    private const int MostOfAnything = 1_000_000_000;
    private const NumberStyles Whole = NumberStyles.AllowLeadingSign, Real = Whole | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Above 0.</summary>
    public static NumberRange<double> Positive { get; } = new("a finite number above 0", Real, v => v > 0 && double.IsFinite(v));

    /// <summary>0 or above.</summary>
    public static NumberRange<double> NotNegative { get; } = new("a finite number, 0 or above", Real, v => v >= 0 && double.IsFinite(v));

    /// <summary>From 0 to below 1.</summary>
    public static NumberRange<double> Fraction { get; } = new("a number from 0 to below 1", Real, v => v is >= 0 and < 1);

    /// <summary>Any seed.</summary>
    public static NumberRange<ulong> Seed { get; } = From(0UL, ulong.MaxValue);

    /// <summary>How many there are of something.</summary>
    public static NumberRange<int> Count(int least) => From(least, MostOfAnything);

    /// <summary>Whole numbers between two, these included.</summary>
    public static NumberRange<T> From<T>(T least, T most)
        where T : struct, IBinaryInteger<T> => new(Said($"a whole number from {least} to {most}"), Whole, v => v >= least && v <= most);

    /// <summary>Numbers between two, these included.</summary>
    public static NumberRange<double> Between(double least, double most) =>
        new(Said($"a number from {least} to {most}"), Real, v => v >= least && v <= most);

    private static string Said(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
