using System.CommandLine;
using CudaLandscape.Experiments.Cli;

namespace CudaLandscape.Experiments.Claims;

/// <summary>The command <c>claims</c>: its options and their meaning.</summary>
internal static class ClaimsCommand
{
    private static readonly Option<string[]> s_item = new("--item")
    {
        Description = "Only the claims of this number or name; may be given several times.", AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string[]> s_size = new("--size")
    {
        Description = "A size of the chosen items, as n=500; may be given several times.", AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<bool> s_list = new("--list") { Description = "List the claims with their sizes and compute nothing." };
    private static readonly Option<ulong> s_seed = NumberOption.WithDefault("--seed", "Seed of all random numbers.", NumberRange.Seed, 1UL);

    public static Command Create()
    {
        Command command = new("claims", "Check the documents' claims one by one: computed, reference, margin, holds, fails, document in error or open.")
        {
            s_item, s_size, s_list, s_seed, RunOptions.Data, RunOptions.Out, RunOptions.Device,
        };
        command.SetAction(p => (int)(p.GetValue(s_list) ? List(p) : ClaimsLaunch.Start(Read(p))));
        return command;
    }

    private static ExitCode List(ParseResult p) =>
        ClaimsLaunch.List(Chosen(p), p.GetValue(s_item) is { Length: > 0 } ? [] : TableItem.All, Console.Out);

    private static ClaimsSettings Read(ParseResult p)
    {
        string[] sizes = p.GetValue(s_size) ?? [];
        if (sizes.Length > 0 && p.GetValue(s_item) is null or [])
            throw new ArgumentException("--size belongs to an item; name it with --item.");
        ClaimsSettings settings = new(Chosen(p), ByName(sizes.Select(ParseSize)))
        {
            Seed = p.GetValue(s_seed),
            Data = p.GetValue(RunOptions.Data),
            Out = p.GetValue(RunOptions.Out)!,
            Device = p.GetValue(RunOptions.Device),
            Arguments = RunOptions.ArgumentsOf(p),
        };
        ClaimRunner.Validate(settings.Claims, settings.Sizes);
        return settings;
    }

    private static IReadOnlyList<IClaim> Chosen(ParseResult p) => p.GetValue(s_item) is { Length: > 0 } items
        ? [.. items.SelectMany(i => ClaimList.Find(ClaimList.All, i)).Distinct()]
        : ClaimList.All;

    private static KeyValuePair<string, int> ParseSize(string text)
    {
        NumberRange<int> range = NumberRange.Count(0);
        string[] parts = text.Split('=');
        return parts.Length == 2 && range.TryRead(parts[1], out int value)
            ? KeyValuePair.Create(parts[0], value)
            : throw new ArgumentException($"--size must be name=number, with {range.Text}; got '{text}'.");
    }

    private static Dictionary<string, int> ByName(IEnumerable<KeyValuePair<string, int>> sizes)
    {
        Dictionary<string, int> values = [];
        foreach ((string name, int value) in sizes)
            if (!values.TryAdd(name, value)) throw new ArgumentException($"--size {name} must be given once; got {values[name]} and {value}.");
        return values;
    }
}
