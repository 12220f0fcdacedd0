using System.Text.Json;

namespace CudaLandscape.KernelStudy;

/// <summary>A committed file of measured ratios, <c>benchmarks/results/*_ratios.json</c>.</summary>
/// <param name="Date">Day of the measurements.</param>
/// <param name="Device">Machine and device.</param>
/// <param name="Rows">What was measured.</param>
internal sealed record RatioFile(string Date, string Device, IReadOnlyList<RatioRow> Rows)
{
    private static readonly JsonSerializerOptions s_options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true };

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">It is damaged, or a row is not a measurement; the message says which.</exception>
    public static RatioFile Read(string path)
    {
        try
        {
            RatioFile file = JsonSerializer.Deserialize<RatioFile>(File.ReadAllText(path), s_options) ?? throw new JsonException("the file is empty");
            foreach (RatioRow row in file.Rows) row.Require();
            return file;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new FormatException($"{path}: {e.Message}", e);
        }
    }
}

/// <summary>One measured comparison.</summary>
/// <param name="Ratio">Number of its <see cref="RatioGoal"/>.</param>
/// <param name="Case">Sizes and threads.</param>
/// <param name="Ours">Our time.</param>
/// <param name="Theirs">The peer's time, in the same unit.</param>
/// <param name="Unit">Unit of both.</param>
/// <param name="Peer">The peer and its version.</param>
/// <param name="Commit">Commit of ours.</param>
/// <param name="Load">Load of the machine, which has as many cores as the file's device says.</param>
internal sealed record RatioRow(int Ratio, string Case, double Ours, double Theirs, string Unit, string Peer, string Commit, double Load)
{
    /// <summary>Refuses what cannot be a measurement.</summary>
    public void Require()
    {
        if (RatioGoal.All.All(goal => goal.Number != Ratio)) throw new FormatException($"there is no ratio {Ratio}; they are 1 to {RatioGoal.All.Count}.");
        if (!(Ours > 0 && Theirs > 0 && double.IsFinite(Ours) && double.IsFinite(Theirs)))
            throw new FormatException($"ratio {Ratio} {Case}: times must be above 0, got {Ours} and {Theirs}.");
    }
}
