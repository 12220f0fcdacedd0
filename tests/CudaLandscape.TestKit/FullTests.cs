namespace CudaLandscape.TestKit;

/// <summary>Whether tests that can take a sample or everything take everything: CUDALANDSCAPE_FULL=1.</summary>
public static class FullTests
{
    public static bool Enabled { get; } = Environment.GetEnvironmentVariable("CUDALANDSCAPE_FULL") == "1";
}
