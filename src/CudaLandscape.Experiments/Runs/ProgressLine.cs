namespace CudaLandscape.Experiments.Runs;

/// <summary>One line of progress on standard error: rewritten in place on a terminal, otherwise printed at most every few seconds.</summary>
internal sealed class ProgressLine(TextWriter output, bool isTerminal)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);
    private DateTime _last = DateTime.MinValue;
    private int _width;

    public static ProgressLine OnStandardError() => new(
        Console.Error, !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb"));

    /// <summary>Shows the text, replacing the one before.</summary>
    public void Show(string text)
    {
        if (isTerminal)
        {
            output.Write($"\r{text.PadRight(_width)}");
            _width = text.Length;
        }
        else if (DateTime.UtcNow - _last >= s_interval)
        {
            output.WriteLine(text);
            _last = DateTime.UtcNow;
        }
    }

    /// <summary>Removes the line from a terminal.</summary>
    public void Clear()
    {
        if (isTerminal && _width > 0) output.Write($"\r{new string(' ', _width)}\r");
        _width = 0;
    }
}
