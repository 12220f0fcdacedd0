namespace CudaLandscape.Experiments.Cli;

/// <summary>How this program is called, for messages that tell a command.</summary>
internal static class ProgramName
{
    /// <summary>The environment variable by which a script that starts the program, as build.sh does, says how it was called itself.</summary>
    public const string Variable = "CUDALANDSCAPE_COMMAND";

    // What runs: an executable of its own, or dotnet with the program's library.
    private static string Own => Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) != "dotnet"
        ? ShellWord.Quote(path)
        : $"{ShellWord.Quote(Environment.ProcessPath ?? "dotnet")} {ShellWord.Quote(typeof(ProgramName).Assembly.Location)}";

    /// <summary>The command with these words, between backquotes, such as <c>`./build.sh run resume runs/1`</c>.</summary>
    public static string Command(params IEnumerable<string> words)
    {
        string? said = Environment.GetEnvironmentVariable(Variable);
        return $"`{string.Join(' ', words.Select(ShellWord.Quote).Prepend(string.IsNullOrEmpty(said) ? Own : said))}`";
    }
}
