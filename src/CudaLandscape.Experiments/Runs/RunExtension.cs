using CudaLandscape.Experiments.Cli;

namespace CudaLandscape.Experiments.Runs;

/// <summary>The command line of a run that is to measure more than it did.</summary>
internal static class RunExtension
{
    private static readonly string[] s_ofNewRuns = [RunOptions.Out.Name, RunOptions.New.Name];

    /// <summary>The options of a run, each with the values that were added for it in the place of its own.</summary>
    /// <exception cref="ArgumentException">There is none to add, a value has no option before it, or an option is for new runs alone.</exception>
    public static IReadOnlyList<string> Merge(IReadOnlyList<string> arguments, IReadOnlyList<string> added)
    {
        if (added.Count == 0) throw new ArgumentException("extend: got no option that asks for more; name one, as in --features f32.");
        if (!IsOption(added[0])) throw new ArgumentException($"extend: got '{added[0]}' behind the run folder, expected an option and its value.");
        string[] tokens = [.. added.SelectMany(Split)];
        HashSet<string> names = [.. tokens.Where(IsOption)];
        if (s_ofNewRuns.FirstOrDefault(names.Contains) is { } name) throw new ArgumentException($"extend: the run stays in its folder; leave out {name}.");
        bool stays = true;
        return [.. arguments.Where(argument => stays = IsOption(argument) ? !names.Contains(argument) : stays), .. tokens];
    }

    private static bool IsOption(string argument) => argument.StartsWith("--", StringComparison.Ordinal);

    // --name=value is two tokens in what a run keeps.
    private static string[] Split(string argument) => IsOption(argument) ? argument.Split('=', 2) : [argument];
}
