namespace CudaLandscape.Experiments.Claims;

/// <summary>A size of a claim's computation.</summary>
/// <param name="Name">Name on the command line.</param>
/// <param name="Meaning">What it counts.</param>
/// <param name="Default">The value without an option.</param>
/// <param name="Least">The smallest value at which the computation says something; below it the claim stays open.</param>
/// <param name="Most">The largest value allowed.</param>
internal sealed record ClaimSize(string Name, string Meaning, int Default, int Least, int Most = 1_000_000);
