namespace CudaLandscape.Experiments.Cli;

/// <summary>Words for a shell's command line.</summary>
internal static class ShellWord
{
    /// <summary>A text as one word: in quotes unless it needs none.</summary>
    public static string Quote(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || "/._-:=,+".Contains(c)) ? text : $"'{text.Replace("'", "'\\''")}'";
}
