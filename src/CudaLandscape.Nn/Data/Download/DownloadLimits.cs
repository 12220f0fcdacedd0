namespace CudaLandscape.Nn.Data.Download;

/// <summary>How long servers are waited for.</summary>
public sealed record DownloadLimits
{
    /// <summary>Time without a byte, or without an answer, after which a connection is given up.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time for one attempt, however steadily a server drips.</summary>
    public TimeSpan Attempt { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Attempts in all; they go round the mirrors.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>Pause before the second attempt; doubled each time.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Redirects followed within an attempt.</summary>
    public int Redirects { get; init; } = 5;
}
