using System.CommandLine;

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
}
