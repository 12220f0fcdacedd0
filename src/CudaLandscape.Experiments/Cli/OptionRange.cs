using System.Globalization;

namespace CudaLandscape.Experiments.Cli;

/// <summary>Refuses values of options.</summary>
internal static class OptionRange
{
    /// <summary>Throws unless the value is valid.</summary>
    /// <exception cref="ArgumentException">It is not; the message names option, range and value.</exception>
    public static void Require(bool valid, string option, string range, object got)
    {
        if (!valid) throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{option} must be {range}; got {got}."));
    }

    /// <summary>Throws when one of the names in a list comes twice.</summary>
    /// <exception cref="ArgumentException">One does; the message names option and list.</exception>
    public static void RequireDifferent(string option, IEnumerable<string> names) =>
        Require(names.Distinct().Count() == names.Count(), option, "a list in which nothing comes twice", string.Join(',', names));
}
