namespace CudaLandscape.Nn.Data;

/// <summary>What <see cref="DataSource"/> found.</summary>
/// <param name="Train">The training set.</param>
/// <param name="Test">The test set.</param>
/// <param name="Description">One line for the screen and the results: sources, sizes, hashes.</param>
public sealed record ResolvedData(ImageSet Train, ImageSet Test, string Description);
