namespace CudaLandscape.Experiments.Sweeps;

/// <summary>The images that all units of a table run on.</summary>
internal sealed record SweepData
{
    /// <summary>What they are, in one line.</summary>
    public required string Description { get; init; }

    /// <summary>Their folder in full, where one was named.</summary>
    public required string? Folder { get; init; }

    /// <summary>SHA-256 of the training and the test images.</summary>
    public required string Sha256 { get; init; }
}
