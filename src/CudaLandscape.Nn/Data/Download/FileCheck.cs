namespace CudaLandscape.Nn.Data.Download;

/// <summary>How a file of a data set compares with the published one.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">Where it is; null when it is missing.</param>
/// <param name="Problem">What is wrong, one line; null when its unpacked content has the published SHA-256.</param>
public sealed record FileCheck(string Name, string? Path, string? Problem);
